//! Storms of everything that can happen: nothing leaves its bounds, nothing panics.

use super::*;
use crate::cloud_desk::{CloudReport, LinkState, PairCode, Pairing, Person};
use crate::publisher::Publisher;
use crate::remote_desk::{Enrolment, Phone, RemoteReport, Role};
use crate::screen::{NowElement, Page};
use crate::state::{Item, Request};
use engine::{SourceInfo, TrackError, TrackId};
use hal::{Key, Knob, MediaEvent};
use library::{Entry, EntryKind};
use proptest::prelude::*;
use protocol::{Decibels, Repeat, Seconds, VolumeLimits};
use std::path::PathBuf;

fn key() -> impl Strategy<Value = Key> {
    prop_oneof![
        4 => Just(Key::Select),
        2 => Just(Key::Back),
        2 => (0u8..9).prop_map(Key::Preset),
        1 => prop::sample::select(vec![
            Key::Volume, Key::Source, Key::Power, Key::Menu, Key::PlayPause, Key::Next, Key::Previous, Key::Mute,
        ]),
    ]
}

fn path() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "/m/0/1.flac".to_owned(),
        "/m/0".to_owned(),
        "/m/1/a".to_owned(),
        "/m/1/a/2.mp3".to_owned(),
        "/etc/x.mp3".to_owned(),
        "/m/0/../1.mp3".to_owned(),
        String::new(),
        "\u{0}".to_owned(),
    ])
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["A", "a", "B", "Rock", "My sound 1", "", "\n"]).prop_map(str::to_owned)
}

/// A code that is found wherever it gets to.
const PIN: &str = "424242";

fn remote_report() -> impl Strategy<Value = RemoteReport> {
    let phone = |id| Phone { id, name: "P\n".into(), role: Role::Guest, connected: true, seen_unix_s: -1 };
    let url = || format!("http://unit/enrol#{PIN}");
    let role = || prop::sample::select(vec![Role::Owner, Role::Guest]);
    prop_oneof![
        (0usize..4).prop_map(|count| RemoteReport::Addresses(vec!["http://unit".into(); count])),
        (0u64..9).prop_map(move |count| RemoteReport::Phones((0..count).map(phone).collect())),
        Just(RemoteReport::Enrolment(None)),
        (role(), 0u64..200).prop_map(move |(role, until)| RemoteReport::Enrolment(Some(Enrolment {
            pin: PIN.into(),
            url: url(),
            role,
            closes_at: Duration::from_secs(until),
            note: "wrong".into(),
        }))),
        role().prop_map(|role| RemoteReport::Joined { name: String::new(), role }),
    ]
}

fn cloud_report() -> impl Strategy<Value = CloudReport> {
    let person = || Person { name: "\n".into(), email: None };
    let code = |ends| {
        let (code, address, url) = (PIN.into(), "http://unit".into(), format!("http://unit/pair?code={PIN}"));
        Pairing::Code(PairCode { code, address, url, ends_at: Duration::from_secs(ends) })
    };
    let asks = move |ends| Pairing::Asks { person: person(), ends_at: Duration::from_secs(ends) };
    prop_oneof![
        prop::sample::select(vec!["", "cloud.example"]).prop_map(|host| CloudReport::Server(host.into())),
        any::<bool>().prop_map(move |is_owned| CloudReport::Owner(is_owned.then(person))),
        (0u64..200).prop_map(move |ends| CloudReport::Pairing(code(ends))),
        (0u64..200).prop_map(move |ends| CloudReport::Pairing(asks(ends))),
        prop::sample::select(vec![Pairing::None, Pairing::Begins, Pairing::Answered])
            .prop_map(CloudReport::Pairing),
        Just(CloudReport::Link(LinkState::Offline { why: "gone".into() })),
        any::<bool>().prop_map(|wanted| CloudReport::Usage { wanted, pending: Vec::new() }),
        Just(CloudReport::NewAccount),
    ]
}

fn command() -> impl Strategy<Value = Command> {
    let number = prop_oneof![-200f64..200.0, Just(f64::NAN), Just(f64::INFINITY), Just(-1e300)];
    prop_oneof![
        number.clone().prop_map(|n| Command::Seek { to: Seconds(n) }),
        number.clone().prop_map(|n| Command::SeekBy { by: Seconds(n) }),
        number.clone().prop_map(|n| Command::SetVolume { level: Decibels(n as f32) }),
        number.clone().prop_map(|n| Command::SetBalance { value: n as f32 }),
        (number.clone(), number).prop_map(|(a, b)| Command::SetVolumeLimits {
            limits: VolumeLimits { max: Decibels(a as f32), start_max: Decibels(b as f32) },
        }),
        any::<i32>().prop_map(|detents| Command::VolumeBy { detents }),
        path().prop_map(|path| Command::PlayPath { path }),
        path().prop_map(|path| Command::Enqueue { path }),
        (0usize..40).prop_map(|index| Command::PlayQueueEntry { index }),
        name().prop_map(|name| Command::SavePreset { name }),
        name().prop_map(|name| Command::DeletePreset { name }),
        name().prop_map(|name| Command::SelectPreset { name }),
        (name(), name()).prop_map(|(from, to)| Command::RenamePreset { from, to }),
        prop::option::of(0u16..4).prop_map(|minutes| Command::SetSleep { minutes }),
        (0u8..9).prop_map(|key| Command::StoreKey { key }),
        (0u8..9).prop_map(|key| Command::RecallKey { key }),
        any::<bool>().prop_map(|on| Command::SetShuffle { on }),
        prop::sample::select(vec![Repeat::Off, Repeat::All, Repeat::One])
            .prop_map(|mode| Command::SetRepeat { mode }),
        prop::sample::select(vec![
            Command::Play,
            Command::Pause,
            Command::TogglePlay,
            Command::Next,
            Command::Previous,
            Command::ClearQueue,
            Command::NextSource,
            Command::ToggleMute,
            Command::DismissMessage,
        ]),
    ]
}

/// What the world does, besides answering what it is asked.
#[derive(Clone, Debug)]
enum Happening {
    Turn(Knob, i32),
    Down(Key),
    Up(Key),
    Touch(Touch),
    Command(Command),
    Remote(RemoteReport),
    Cloud(CloudReport),
    Ignition(bool),
    Plug(usize),
    Yank(usize),
    Starts,
    Fails(bool),
    Breaks,
    Finishes,
    Time(u64),
    Answers,
}

fn happening() -> impl Strategy<Value = Happening> {
    let touch = prop_oneof![
        (0usize..40).prop_map(Touch::Row),
        (0usize..40).prop_map(Touch::Hold),
        (0usize..40).prop_map(Touch::SearchKey),
        any::<usize>().prop_map(Touch::Scroll),
        Just(Touch::Back),
        prop::sample::select(vec![
            Page::Menu,
            Page::Browser,
            Page::Queue,
            Page::Equalizer,
            Page::Settings,
            Page::Presets,
            Page::Phones,
            Page::Enrol,
            Page::Account,
            Page::Pair,
            Page::Sent,
            Page::Off
        ])
        .prop_map(Touch::Open),
        (0usize..14, -50f32..50.0).prop_map(|(index, gain_db)| Touch::Band { index, gain_db }),
    ];
    prop_oneof![
        3 => (prop::sample::select(vec![Knob::Volume, Knob::Select]), -60i32..60).prop_map(|(k, n)| Happening::Turn(k, n)),
        3 => key().prop_map(Happening::Down),
        3 => key().prop_map(Happening::Up),
        2 => touch.prop_map(Happening::Touch),
        3 => command().prop_map(Happening::Command),
        2 => remote_report().prop_map(Happening::Remote),
        2 => cloud_report().prop_map(Happening::Cloud),
        1 => any::<bool>().prop_map(Happening::Ignition),
        1 => (0usize..3).prop_map(Happening::Plug),
        1 => (0usize..3).prop_map(Happening::Yank),
        2 => Just(Happening::Starts),
        1 => any::<bool>().prop_map(Happening::Fails),
        1 => Just(Happening::Breaks),
        1 => Just(Happening::Finishes),
        2 => (0u64..12_000).prop_map(Happening::Time),
        3 => Just(Happening::Answers),
    ]
}

/// A world that answers late, or never.
#[derive(Default)]
struct World {
    now: Duration,
    requests: Vec<Request>,
    loaded: Option<u64>,
    next: Option<u64>,
}

impl World {
    fn take_effects(&mut self, model: &mut Model) {
        for effect in model.take_effects() {
            match effect {
                Effect::Play(track) => (self.loaded, self.next) = (Some(track.id.0), None),
                Effect::SetNext(track) => self.next = track.map(|track| track.id.0),
                Effect::Stop => (self.loaded, self.next) = (None, None),
                Effect::Read(request) => self.requests.push(request),
                Effect::Seek(to_s) => assert!(to_s.is_finite() && to_s >= 0.0),
                Effect::Params => {
                    let params = crate::sound::params(&model.state);
                    assert!(params.volume_db <= 0.0 && params.volume_db >= -100.0);
                    assert!((-1.0..=1.0).contains(&params.balance));
                }
                Effect::SetPaused(_) | Effect::Save(_) | Effect::Backlight(_) => {}
                Effect::Media(_) | Effect::Catalog(_) | Effect::Index(_) => {}
                Effect::Remote(_) | Effect::Cloud(_) => {}
            }
        }
    }

    fn answer(&mut self) -> Option<Event> {
        let tracks =
            |folder: PathBuf, count| (0..count).map(|n| folder.join(format!("{n}.flac")).into()).collect();
        Some(match self.requests.pop()? {
            Request::Folder { folder, .. } => {
                let entry = |n: usize| Entry {
                    name: n.to_string(),
                    path: folder.join(n.to_string()),
                    kind: if n.is_multiple_of(3) { EntryKind::Folder } else { EntryKind::Track },
                };
                Event::FolderRead { folder: folder.clone(), result: Ok((0..33).map(entry).collect()) }
            }
            Request::Collect(collect) => {
                let result = Ok(tracks(collect.folder, 30));
                Event::TracksCollected {
                    request: collect.request,
                    first: self.now.subsec_millis().is_multiple_of(2),
                    result,
                }
            }
            Request::Track(path) => Event::TrackRead { path, result: Err(library::LibraryError::NotMusic) },
            Request::Art(path) => Event::ArtRead { path, art: None },
        })
    }

    fn event(&mut self, happening: Happening) -> Option<Event> {
        let info = SourceInfo {
            codec: "X".into(),
            rate: 8000,
            channels: 1,
            bits: None,
            frames: None,
            duration_s: Some(f64::NAN),
        };
        let track = TrackId(self.loaded.unwrap_or(3));
        Some(match happening {
            Happening::Turn(knob, detents) => Event::Input(InputEvent::Turn(knob, detents)),
            Happening::Down(key) => Event::Input(InputEvent::Down(key)),
            Happening::Up(key) => Event::Input(InputEvent::Up(key)),
            Happening::Touch(touch) => Event::Touch(touch),
            Happening::Command(command) => Event::Command(command),
            Happening::Remote(report) => Event::Remote(report),
            Happening::Cloud(report) => Event::Cloud(report),
            Happening::Ignition(on) => Event::Ignition(on),
            Happening::Plug(n) => Event::Media(MediaEvent::Plugged {
                name: n.to_string(),
                path: format!("/m/{n}").into(),
                id: n.to_string(),
            }),
            Happening::Yank(n) => Event::Media(MediaEvent::Yanked { name: n.to_string() }),
            Happening::Starts => {
                self.loaded = self.next.take().or(self.loaded);
                Event::Engine(1, engine::Event::Started { track: TrackId(self.loaded?), info })
            }
            Happening::Fails(true) => {
                let track = TrackId(self.next.take()?);
                Event::Engine(1, engine::Event::Failed { track, error: TrackError::Missing })
            }
            Happening::Fails(false) => {
                Event::Engine(1, engine::Event::Failed { track, error: TrackError::Damaged })
            }
            Happening::Breaks => {
                Event::Engine(1, engine::Event::Broken { track, error: TrackError::Missing })
            }
            Happening::Finishes => Event::Engine(1, engine::Event::Finished { track }),
            Happening::Time(millis) => {
                self.now += Duration::from_millis(millis);
                Event::Tick
            }
            Happening::Answers => return self.answer(),
        })
    }
}

fn check(model: &Model, publisher: &mut Publisher, now: Duration) {
    let (state, nav) = (&model.state, &model.nav);
    let snapshot = crate::view::snapshot(state, nav);
    let screen = crate::view::screen(state, nav);
    assert!(snapshot.queue.index < snapshot.queue.len.max(1));
    assert!(snapshot.volume_db.0 <= snapshot.volume.max_db.0.max(-100.0));
    assert!(snapshot.transport.position_s.is_finite() && snapshot.transport.position_s >= 0.0);
    assert!(snapshot.sound.preset.validate().is_ok());
    assert!(screen.now_focus < NowElement::ORDER.len());
    assert!(screen.equalizer.focus < snapshot.sound.preset.bands.len() + 2);
    let list = &screen.list;
    assert!(
        list.focus < list.total.max(1) && list.first + list.rows.len() <= list.total.max(list.rows.len())
    );
    assert!(list.rows.len() <= 65);
    assert!(screen.enrol.is_none() || screen.page == Page::Enrol);
    assert!(screen.pair.is_none() || screen.page == Page::Pair);
    assert!(!matches!(screen.page, Page::Choice) || nav.sheet().is_some());
    assert!(state.presets.iter().all(|preset| preset.validate().is_ok()));
    assert_eq!((snapshot.power == Power::Off), (screen.page == Page::Off));
    if let Some(frame) = publisher.frame(now, model) {
        assert!(!frame.changed.is_none());
        let json = serde_json::to_value(&*frame.snapshot).unwrap();
        assert!(!json.to_string().contains(PIN), "the code is on the glass and nowhere else");
        assert!(json["transport"]["position_s"].is_number() && json["volume_db"].is_number());
        assert!(publisher.frame(now, model).is_none(), "the same state is published once");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn storms_keep_the_bounds(autoplay in any::<bool>(), storm in prop::collection::vec(happening(), 1..150)) {
        let mut state = State::new();
        state.autoplay = autoplay;
        let mut model = Model::new(state);
        let (mut world, mut publisher) = (World::default(), Publisher::default());
        for happening in storm {
            world.now += Duration::from_millis(7);
            if let Some(event) = world.event(happening) {
                model.handle(world.now, event);
            }
            world.take_effects(&mut model);
            model.time_passed(world.now);
            world.take_effects(&mut model);
            check(&model, &mut publisher, world.now);
            if let Some(deadline) = model.deadline() {
                prop_assert!(deadline > world.now, "what is due is done");
            }
        }
    }
}

#[test]
fn a_held_preset_key_stores_once_and_a_short_press_recalls() {
    let mut model = Model::new(State::new());
    let millis = Duration::from_millis;
    model.handle(
        millis(0),
        Event::Media(MediaEvent::Plugged { name: "s".into(), path: "/m".into(), id: "s".into() }),
    );
    model.handle(millis(1), Event::Command(Command::PlayPath { path: "/m/a.flac".into() }));
    model.take_effects();
    model.handle(millis(10), Event::Input(InputEvent::Down(Key::Preset(2))));
    assert!(model.deadline().is_some_and(|at| at <= millis(610)));
    model.time_passed(millis(610));
    model.handle(millis(700), Event::Input(InputEvent::Up(Key::Preset(2))));
    let saves = model
        .take_effects()
        .into_iter()
        .filter(|e| matches!(e, Effect::Save(crate::store::Save::Key { .. })));
    assert_eq!(saves.count(), 1);
    model.handle(millis(800), Event::Stored(Outcome::Durable { keys: vec![2], notices: Vec::new() }));
    assert_eq!(crate::view::snapshot(&model.state, &model.nav).message, "Stored on key 2");
    model.handle(millis(900), Event::Input(InputEvent::Down(Key::Preset(2))));
    model.handle(millis(950), Event::Input(InputEvent::Up(Key::Preset(2))));
    assert!(model.take_effects().iter().any(|effect| matches!(effect, Effect::Play(_))));
}

#[test]
fn the_volume_display_comes_and_goes() {
    let mut model = Model::new(State::new());
    model.handle(Duration::ZERO, Event::Input(InputEvent::Turn(Knob::Volume, 1)));
    assert_eq!(model.take_effects(), [Effect::Params]);
    assert!(crate::view::screen(&model.state, &model.nav).volume_overlay.is_some());
    model.time_passed(Duration::from_millis(1499));
    assert!(crate::view::screen(&model.state, &model.nav).volume_overlay.is_some());
    model.time_passed(Duration::from_millis(1500));
    assert!(crate::view::screen(&model.state, &model.nav).volume_overlay.is_none());
}

#[test]
fn the_queue_page_asks_once_for_the_tags_of_its_rows_in_sight() {
    let mut state = State::new();
    let item = |n| Item::new(&"m".into(), std::path::Path::new(&format!("{n}.flac")));
    state.queue.replace((0..100).map(item).collect(), 0);
    let mut model = Model::new(state);
    let asked = |model: &mut Model| {
        let effects = model.take_effects().into_iter();
        effects.filter(|effect| matches!(effect, Effect::Read(Request::Track(_)))).count()
    };
    model.handle(Duration::ZERO, Event::Touch(Touch::Open(Page::Menu)));
    assert_eq!(asked(&mut model), 0);
    model.handle(Duration::ZERO, Event::Touch(Touch::Open(Page::Queue)));
    assert_eq!(asked(&mut model), 6);
    model.handle(Duration::ZERO, Event::Input(InputEvent::Turn(Knob::Select, 1)));
    assert_eq!(asked(&mut model), 1);
    model.handle(Duration::ZERO, Event::Tick);
    assert_eq!(asked(&mut model), 0);
}
