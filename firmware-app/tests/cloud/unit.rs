//! A stereo with a link to the double, and what is seen of it.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use firmware_app::cloud::{Cloud, CloudArgs, CloudConfig, Pace};
use firmware_app::cloud_desk::{CloudReport, CloudRequest, LinkState};
use firmware_app::event::Event;
use firmware_app::protocol::cloud::PairState;
use firmware_app::screen::{Page, PairView, Touch};
use hal::{InputEvent, Key};

use crate::double::{Double, PATIENCE, asker};
use crate::rig::Rig;

/// A stereo with a link.
pub struct Unit {
    pub rig: Rig,
    cloud: Option<Cloud>,
    pub reports: Arc<Mutex<Vec<CloudReport>>>,
}

impl Unit {
    pub fn start(data: &Path, url: &str) -> Self {
        let rig = Rig::start(data, &[]);
        let options = CloudArgs { url: Some(url.to_owned()), authority: None }.resolve().unwrap().unwrap();
        let reports = Arc::new(Mutex::new(Vec::new()));
        let all = Arc::clone(&reports);
        let config = CloudConfig {
            pace: Pace {
                retry: Duration::from_millis(40),
                settle: Duration::from_millis(30),
                usage: Duration::from_millis(60),
            },
            reports: Some(Arc::new(move |report| all.lock().unwrap().push(report.clone()))),
            ..CloudConfig::new(options, "Van", "Test bench")
        };
        let cloud = Cloud::start(&rig.app, config).unwrap();
        Self { rig, cloud: Some(cloud), reports }
    }

    /// Paired, by the knob, and linked.
    pub fn paired(data: &Path, cloud: &Double) -> Self {
        let unit = Self::start(data, &cloud.url());
        unit.begin();
        cloud.with(|mind| {
            mind.pairing.as_mut().unwrap().state = PairState::Confirm { asker: asker("Anna"), interval: 1 };
        });
        unit.asks();
        unit.press(Key::Select);
        unit.told("it is linked", |report| *report == CloudReport::Link(LinkState::Online));
        unit
    }

    /// Opens the page and asks for a code.
    pub fn begin(&self) {
        self.until("the cloud's name is known", |unit| {
            unit.reports.lock().unwrap().iter().any(|report| matches!(report, CloudReport::Usage { .. }))
        });
        self.send(Event::Touch(Touch::Open(Page::Account)));
        let rows = self.rows();
        let row = rows.iter().position(|(label, _)| label.starts_with("Link this unit")).expect("a row");
        self.send(Event::Touch(Touch::Row(row)));
        self.until("the code is shown", |unit| matches!(unit.pair(), Some(PairView::Code { .. })));
    }

    pub fn asks(&self) {
        self.until("somebody asks", |unit| matches!(unit.pair(), Some(PairView::Asks { .. })));
    }

    pub fn send(&self, event: Event) {
        self.rig.app.post(event);
        assert!(self.rig.app.sync(PATIENCE));
    }

    pub fn press(&self, key: Key) {
        self.send(Event::Input(InputEvent::Down(key)));
        self.send(Event::Input(InputEvent::Up(key)));
    }

    pub fn page(&self) -> String {
        self.rig.snapshot().page.clone()
    }

    pub fn pair(&self) -> Option<PairView> {
        self.rig.app.frame().screen.pair.clone()
    }

    /// Labels and details of the rows that are shown.
    pub fn rows(&self) -> Vec<(String, String)> {
        self.rig.snapshot();
        let list = self.rig.app.frame().screen.list.clone();
        list.rows.into_iter().map(|row| (row.label, row.detail)).collect()
    }

    pub fn until(&self, what: &str, is_so: impl Fn(&Self) -> bool) {
        let since = Instant::now();
        while !is_so(self) {
            assert!(since.elapsed() < PATIENCE, "waited in vain: {what}; {:?}", self.reports.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    pub fn told(&self, what: &str, is_it: impl Fn(&CloudReport) -> bool) {
        self.until(what, |unit| unit.reports.lock().unwrap().iter().any(&is_it));
        assert!(self.rig.app.sync(PATIENCE));
    }

    pub fn ask(&self, request: CloudRequest) {
        self.cloud.as_ref().unwrap().ask(request);
    }

    pub fn forget(&self) {
        self.reports.lock().unwrap().clear();
    }

    /// Ends as the ignition does.
    pub fn end(mut self) {
        self.cloud = None;
    }
}

pub fn message(unit: &Unit) -> String {
    unit.rig.snapshot().message.clone()
}
