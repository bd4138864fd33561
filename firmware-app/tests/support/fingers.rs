//! Fingers on the headless screen: finds elements by what a screen reader would say, taps and drags.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, dead_code)]

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;

use firmware_app::event::Event;
use firmware_app::frame::Frame;
use firmware_app::screen::Touch;
use firmware_app::ui::headless::HeadlessScreen;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::platform::{PointerEventButton, WindowEvent};
use slint::{ComponentHandle, LogicalPosition};

/// A screen and what was posted from it.
pub struct Bench {
    pub screen: HeadlessScreen,
    posted: Rc<RefCell<Vec<Touch>>>,
}

impl Bench {
    /// A screen that shows `frame`.
    pub fn new(width: u32, height: u32, frame: &Frame) -> Self {
        let posted = Rc::new(RefCell::new(Vec::new()));
        let sink = Rc::clone(&posted);
        let post = move |event| match event {
            Event::Touch(touch) => sink.borrow_mut().push(touch),
            other => panic!("a finger posts touches, not {other:?}"),
        };
        let mut screen = HeadlessScreen::new(width, height, Rc::new(post)).unwrap();
        screen.show(frame);
        screen.render();
        Self { screen, posted }
    }

    /// What was posted since the last call.
    pub fn posted(&self) -> Vec<Touch> {
        self.posted.take()
    }

    /// The one element for fingers with this accessible label.
    pub fn element(&self, label: &str) -> ElementHandle {
        let labelled = |element: &ElementHandle| element.accessible_label().is_some_and(|text| text == label);
        let mut found = self.actionable();
        found.retain(labelled);
        assert_eq!(found.len(), 1, "elements labelled {label:?}");
        found.remove(0)
    }

    /// Whether a screen reader would say this of anything on the screen.
    pub fn says(&self, label: &str) -> bool {
        let query = ElementQuery::from_root(self.screen.window()).match_descendants();
        let labelled = query.match_predicate(|element| element.accessible_label().is_some()).find_all();
        labelled.iter().any(|element| element.accessible_label().is_some_and(|text| text == label))
    }

    /// Everything a finger can use.
    pub fn actionable(&self) -> Vec<ElementHandle> {
        const ROLES: [AccessibleRole; 4] = [
            AccessibleRole::Button,
            AccessibleRole::Switch,
            AccessibleRole::Slider,
            AccessibleRole::ListItem,
        ];
        let query = ElementQuery::from_root(self.screen.window()).match_descendants();
        let usable =
            |element: &ElementHandle| element.accessible_role().is_some_and(|role| ROLES.contains(&role));
        let mut found = query.match_predicate(usable).find_all();
        // One element is found once for each component it is the root of.
        let mut seen = HashSet::new();
        found.retain(|element| {
            let (place, size) = (element.absolute_position(), element.size());
            let geometry = [place.x, place.y, size.width, size.height].map(|value| value.round() as i32);
            seen.insert((geometry, element.accessible_label()))
        });
        found
    }

    pub fn tap(&mut self, label: &str) {
        let (x, y) = middle(&self.element(label));
        self.drag((x, y), (x, y));
    }

    /// Press, move in steps, release. Logical pixels.
    pub fn drag(&mut self, from: (f32, f32), to: (f32, f32)) {
        let at = |t: f32| LogicalPosition::new(from.0 + (to.0 - from.0) * t, from.1 + (to.1 - from.1) * t);
        let button = PointerEventButton::Left;
        let window = self.screen.window().window();
        window.dispatch_event(WindowEvent::PointerMoved { position: at(0.0) });
        window.dispatch_event(WindowEvent::PointerPressed { position: at(0.0), button });
        if from != to {
            for step in 1..=8 {
                window.dispatch_event(WindowEvent::PointerMoved { position: at(step as f32 / 8.0) });
            }
        }
        window.dispatch_event(WindowEvent::PointerReleased { position: at(1.0), button });
        window.dispatch_event(WindowEvent::PointerExited);
        self.screen.render();
    }
}

/// The middle of an element, in logical pixels.
pub fn middle(element: &ElementHandle) -> (f32, f32) {
    let (position, size) = (element.absolute_position(), element.size());
    (position.x + size.width / 2.0, position.y + size.height / 2.0)
}
