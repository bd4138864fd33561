//! A list whose elements stay with their items while items come, go and move.

use std::cell::RefCell;

use web_sys::Element;

use super::dom::{El, document, focus, insert_at};
use super::signal::{Scope, Signal, effect};

struct Kept<T> {
    element: Element,
    item: Signal<T>,
    _scope: Scope,
}

impl El {
    /// The children follow `items`, each under a key of its own. A kept item's element stays and keeps the
    /// focus; only its signal changes.
    pub fn each<T: Clone + PartialEq + 'static>(
        self,
        items: impl Fn() -> Vec<(String, T)> + 'static,
        make: impl Fn(Signal<T>) -> El + 'static,
    ) -> Self {
        let parent = self.0.clone();
        let kept: RefCell<Vec<(String, Kept<T>)>> = RefCell::default();
        effect(move || {
            let items = items();
            let focused = document().active_element();
            let mut old = kept.take();
            let mut new = Vec::with_capacity(items.len());
            let elements: Vec<_> = items
                .into_iter()
                .map(|(key, item)| {
                    let known = take(&mut old, &key).unwrap_or_else(|| build(item.clone(), &make));
                    known.item.put(item);
                    let element = known.element.clone();
                    new.push((key, known));
                    element
                })
                .collect();
            for (_, gone) in old {
                gone.element.remove();
            }
            for (place, element) in elements.iter().enumerate() {
                insert_at(&parent, element, u32::try_from(place).unwrap_or(u32::MAX));
            }
            kept.replace(new);
            // Moving an element takes the focus from it.
            if let Some(focused) = focused
                && focused.is_connected()
                && document().active_element().as_ref() != Some(&focused)
            {
                focus(&focused);
            }
        });
        self
    }
}

/// Takes out the item of a key: nearly always the first that is left.
fn take<T>(old: &mut Vec<(String, Kept<T>)>, key: &str) -> Option<Kept<T>> {
    let place = old.iter().position(|(known, _)| known == key)?;
    Some(old.remove(place).1)
}

fn build<T: Clone + 'static>(item: T, make: &impl Fn(Signal<T>) -> El) -> Kept<T> {
    let item = Signal::new(item);
    let scope = Scope::default();
    let element = scope.run(|| make(item.clone())).0;
    Kept { element, item, _scope: scope }
}
