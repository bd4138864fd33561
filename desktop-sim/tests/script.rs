//! Scripts against the whole stereo, headless, on a virtual clock.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use support::{Car, read_float_wav, run, simulator};

#[test]
fn it_plays_and_says_what() {
    let ran = Car::with_album()
        .script(
            "play 01 dawn.wav\n\
             expect transport.state == playing\n\
             expect now.title == First Light\n\
             expect now.artist == The Testers\n\
             expect now.album == Roads\n\
             expect now.path ~ 01 dawn.wav\n\
             expect now.duration_s == 40\n\
             expect queue.len == 3\n\
             expect page == now_playing\n\
             wait 2s\n\
             expect transport.position_s ~ 2\n\
             pause\n\
             expect transport.state == paused\n\
             wait 5s\n\
             expect transport.position_s <= 2.6\n\
             play\n\
             wait 1s\n\
             expect transport.position_s ~ 3\n\
             seek 20.5\n\
             wait 1s\n\
             expect transport.position_s ~ 21.5\n",
        )
        .expect_code(0);
    assert!(ran.stdout.contains("The Testers – First Light"), "{}", ran.stdout);
    assert!(ran.stdout.lines().count() < 20, "too much said:\n{}", ran.stdout);
}

#[test]
fn the_next_track_follows_by_itself_and_by_hand() {
    Car::with_album()
        .script(
            "play 01 dawn.wav\n\
             seek 38\n\
             wait 4s\n\
             expect now.title == High Sun\n\
             expect transport.position_s ~ 2\n\
             next\n\
             expect now.title == Last Light\n\
             wait 1s\n\
             expect transport.position_s ~ 1\n\
             previous\n\
             expect now.title == High Sun\n\
             wait 200ms\n\
             press next\n\
             expect now.title == Last Light\n\
             expect queue.index == 2\n",
        )
        .expect_code(0);
}

#[test]
fn an_hour_of_music_takes_seconds() {
    let ran = Car::with_album()
        .script("play 01 dawn.wav\nwait 60min\nexpect transport.state == playing\n")
        .expect_code(0);
    assert!(ran.took < Duration::from_secs(60), "{:?}", ran.took);
}

#[test]
fn the_volume_obeys_knob_key_and_command() {
    Car::with_album()
        .script(
            "play 01 dawn.wav\n\
             volume -12\n\
             expect volume_db == -12\n\
             turn volume +3\n\
             expect volume_db == -9\n\
             turn volume -1\n\
             expect volume_db == -10\n\
             press mute\n\
             expect volume.muted == true\n\
             press mute\n\
             expect volume.muted == false\n\
             turn volume +1000\n\
             expect volume_db == 0\n\
             turn volume -1000\n\
             expect volume_db == -100\n",
        )
        .expect_code(0);
}

#[test]
fn sound_theme_and_ignition_obey() {
    Car::with_album()
        .script(
            "play 01 dawn.wav\n\
             eq 3 -4.5\n\
             expect sound.preset.bands.2.gain == -4.5\n\
             expect sound.edited == true\n\
             theme day\n\
             expect theme == day\n\
             theme night\n\
             expect theme == night\n\
             ignition off\n\
             expect power == off\n\
             expect transport.state != playing\n\
             wait 2s\n\
             ignition on\n\
             expect power == on\n\
             expect transport.state == playing\n",
        )
        .expect_code(0);
}

#[test]
fn one_knob_leads_through_the_pages_and_back() {
    Car::with_album()
        .script(
            "play 01 dawn.wav\n\
             expect page == now_playing\n\
             turn select +2\n\
             press select\n\
             expect page == browser\n\
             press back\n\
             press back\n\
             expect page == now_playing\n\
             press menu\n\
             expect page == menu\n\
             press back\n\
             expect page == now_playing\n",
        )
        .expect_code(0);
}

#[test]
fn after_a_power_cut_it_goes_on_where_it_was() {
    let car = Car::with_album();
    car.script("volume -30\nplay 02 noon.wav\nwait 25s\nexpect transport.position_s ~ 25\nkill\nexpect page == never\n")
        .expect_code(0);
    car.script(
        "expect now.path ~ 02 noon.wav\n\
         expect transport.position_s >= 15\n\
         expect transport.position_s <= 25.6\n\
         expect volume_db == -30\n\
         expect queue.len == 3\n\
         expect transport.state == playing\n",
    )
    .expect_code(0);
}

#[test]
fn an_orderly_end_keeps_the_very_second() {
    let car = Car::with_album();
    car.script("play 01 dawn.wav\nwait 17s\n").expect_code(0);
    car.script("expect now.path ~ 01 dawn.wav\nexpect transport.position_s ~ 17\n").expect_code(0);
}

#[test]
fn what_does_not_hold_is_told_with_both_values() {
    let ran = Car::with_album()
        .script("play 01 dawn.wav\nvolume -18\n\n# here\nexpect volume_db == -12\nkill\n")
        .expect_code(1);
    assert!(ran.stderr.contains("line 5: expect volume_db == -12: it is -18\n"), "{}", ran.stderr);
}

#[test]
fn a_bad_script_does_not_even_start() {
    let car = Car::with_album();
    let ran = car.script("volume -18\nplai x\nexpect volum_db == 3\nwait 5\n").expect_code(2);
    for part in ["line 2: plai x", "line 3: expect volum_db == 3", "line 4: wait 5"] {
        assert!(ran.stderr.contains(part), "{part} is missing in:\n{}", ran.stderr);
    }
    assert!(!car.path("data").exists(), "it must not have started");
    let none = run(simulator().args(["--headless", "--script", "/no/such/script"])).expect_code(2);
    assert!(none.stderr.contains("/no/such/script"), "{}", none.stderr);
}

#[test]
fn a_file_that_is_no_music_leads_to_a_message_and_not_to_silence() {
    let car = Car::with_album();
    std::fs::write(car.path("music/02 noon.wav"), "not a wave").unwrap();
    car.script(
        "play 01 dawn.wav\n\
         seek 39\n\
         wait 2s\n\
         expect now.title == Last Light\n\
         expect message != \"\"\n\
         expect transport.state == playing\n",
    )
    .expect_code(0);
}

#[test]
fn an_empty_folder_says_so() {
    Car::empty().script("wait 1s\nexpect transport.state == stopped\nexpect queue.len == 0\n").expect_code(0);
}

#[test]
fn seconds_end_a_run_on_the_units_clock() {
    let car = Car::with_album();
    let ran = car.script_with(
        "wait 1000s\nexpect page == never\n",
        &["--headless", "--sink", "virtual", "--seconds", "20"],
    );
    ran.expect_code(0);
    let mut command = simulator();
    command.args(["--headless", "--sink", "null", "--seconds", "1", "--music"]).arg(car.path("music"));
    let ran = run(command.arg("--data").arg(car.path("data2"))).expect_code(0);
    assert!(ran.took >= Duration::from_secs(1), "{:?}", ran.took);
    assert!(ran.stdout.contains("playing"), "a medium that is there plays: {}", ran.stdout);
}

#[test]
fn a_file_from_anywhere_comes_with_its_own_medium() {
    let car = Car::with_album();
    std::fs::rename(car.path("music"), car.path("elsewhere")).unwrap();
    std::fs::create_dir(car.path("music")).unwrap();
    car.script(
        "play elsewhere/03 dusk.wav\n\
         expect now.title == Last Light\n\
         expect queue.len == 3\n\
         preset Rock\n\
         expect sound.preset.name == Rock\n\
         preset Polka\n\
         expect message ~ Polka\n",
    )
    .expect_code(0);
    car.script("play elsewhere\nexpect now.title == First Light\nplay none.wav\nexpect message != \"\"\n")
        .expect_code(0);
}

#[cfg(unix)]
#[test]
fn a_request_to_end_saves_first() {
    let car = Car::with_album();
    let mut command = simulator();
    command.args(["--headless", "--sink", "null", "--music"]).arg(car.path("music"));
    let mut child =
        command.arg("--data").arg(car.path("data")).stdout(std::process::Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(4));
    let kill = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(kill.success() && child.wait().unwrap().success());
    // The resume point of the running track is due after 10 s only: it was written at the end.
    car.script("expect now.path ~ 01 dawn.wav\nexpect transport.position_s >= 1.5\n").expect_code(0);
}

#[test]
fn a_missing_music_folder_is_refused() {
    let ran = run(simulator().args(["--headless", "--music", "/no/such/folder"])).expect_code(2);
    assert!(ran.stderr.contains("/no/such/folder"), "{}", ran.stderr);
}

#[test]
fn a_virtual_clock_without_an_end_is_refused() {
    let ran = run(simulator().args(["--headless", "--sink", "virtual"])).expect_code(2);
    assert!(ran.stderr.contains("--seconds") && ran.stderr.contains("--script"), "{}", ran.stderr);
}

#[test]
fn what_is_heard_can_be_written_to_a_file() {
    let car = Car::with_album();
    let (fast, slow) = (car.path("fast.wav"), car.path("slow.wav"));
    let fast_sink = format!("virtual-wav:{}", fast.display());
    car.script_with("volume 0\nplay 01 dawn.wav\nwait 5s\n", &["--headless", "--sink", &fast_sink])
        .expect_code(0);
    let slow_sink = format!("wav:{}", slow.display());
    car.script_with("volume 0\nplay 01 dawn.wav\nwait 2s\n", &["--headless", "--sink", &slow_sink])
        .expect_code(0);
    for (path, seconds) in [(fast, 4.9), (slow, 1.9)] {
        let (rate, samples) = read_float_wav(&path);
        let length = samples.len() as f64 / 2.0 / f64::from(rate);
        assert!(length >= seconds, "{length} s");
        let peak = samples.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
        assert!((0.3..0.45).contains(&peak), "peak {peak}");
    }
}

#[test]
fn without_a_display_it_says_so_and_goes_on() {
    let car = Car::with_album();
    let mut command = car.command("play 01 dawn.wav\nexpect now.title == First Light\n");
    command
        .args(["--sink", "virtual"])
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("WAYLAND_SOCKET");
    let ran = run(&mut command).expect_code(0);
    if cfg!(target_os = "linux") {
        assert!(ran.stderr.contains("no display"), "{}", ran.stderr);
    }
}

#[test]
fn help_is_a_reference() {
    let long = run(simulator().arg("--help")).expect_code(0).stdout;
    for part in ["--music", "virtual-wav:PATH", "press KEY", "preset6", "expect FIELD OP VALUE", "Exit code"]
    {
        assert!(long.contains(part), "{part} is missing in:\n{long}");
    }
    let render = run(simulator().args(["render", "--help"])).expect_code(0).stdout;
    assert!(render.contains("--stats") && render.contains("bit-exact"), "{render}");
}

#[test]
fn a_yanked_stick_goes_on_at_the_same_second() {
    let car = Car::with_album();
    std::fs::rename(car.path("music"), car.path("stick")).unwrap();
    std::fs::create_dir(car.path("music")).unwrap();
    car.script(
        "media plug \"MY STICK\" stick\n\
         play stick/01 dawn.wav\n\
         wait 3s\n\
         media yank MY STICK\n\
         expect transport.state == paused\n\
         expect message ~ MY STICK\n\
         wait 5s\n\
         expect transport.position_s >= 2.8\n\
         expect transport.position_s <= 3.2\n\
         media plug \"MY STICK\" stick\n\
         expect transport.state == playing\n\
         expect now.title == First Light\n\
         expect transport.position_s >= 2.8\n\
         expect transport.position_s <= 3.2\n\
         wait 2s\n\
         expect transport.position_s >= 4.8\n\
         expect transport.position_s <= 5.2\n\
         next\n\
         expect now.title == High Sun\n",
    )
    .expect_code(0);
}

#[test]
fn a_stick_is_the_same_under_another_name() {
    let car = Car::with_album();
    std::fs::rename(car.path("music"), car.path("stick")).unwrap();
    std::fs::create_dir(car.path("music")).unwrap();
    car.script(
        "media plug ONE stick\n\
         play stick/02 noon.wav\n\
         wait 7s\n\
         media yank ONE\n\
         expect transport.state == paused\n\
         wait 5s\n\
         media plug TWO stick\n\
         expect transport.state == playing\n\
         expect now.title == High Sun\n\
         expect transport.position_s >= 6.8\n\
         expect transport.position_s <= 7.2\n\
         expect now.path ~ TWO\n\
         next\n\
         expect now.title == Last Light\n",
    )
    .expect_code(0);
}

#[test]
fn below_a_yanked_stick_nothing_can_be_played() {
    let car = Car::with_album();
    car.script(
        "play 01 dawn.wav\n\
         wait 1s\n\
         media yank music\n\
         expect transport.state == paused\n\
         play 02 noon.wav\n\
         expect transport.state != playing\n\
         media plug music music\n\
         play 02 noon.wav\n\
         expect now.title == High Sun\n\
         expect transport.state == playing\n",
    )
    .expect_code(0);
    let ran = car.script("media yank STICK\n").expect_code(1);
    assert!(ran.stderr.contains("line 1") && ran.stderr.contains("STICK"), "{}", ran.stderr);
    let ran = car.script("media plug X nowhere\n").expect_code(1);
    assert!(ran.stderr.contains("there is no such folder"), "{}", ran.stderr);
}

#[test]
fn a_yank_is_a_fade_and_not_a_click() {
    let car = Car::with_album();
    let heard = car.path("heard.wav");
    let sink = format!("virtual-wav:{}", heard.display());
    car.script_with(
        "volume 0\nplay 01 dawn.wav\nwait 3s\nmedia yank music\nwait 4s\nmedia plug music music\nwait 3s\n",
        &["--headless", "--sink", &sink],
    )
    .expect_code(0);
    let (rate, samples) = read_float_wav(&heard);
    let left: Vec<f32> = samples.chunks_exact(2).map(|frame| frame[0]).collect();
    let peak = left.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    // The steepest place of the 220 Hz tone; a cut in mid-wave would be a step of up to the peak itself.
    let steepest = peak * std::f32::consts::TAU * 220.0 / rate as f32;
    let step = left.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0_f32, f32::max);
    assert!(step <= 1.3 * steepest, "a step of {step}, the tone's own is {steepest}");
    let quiet = |from_s: f64, to_s: f64| {
        let at = |s: f64| (s * f64::from(rate)) as usize;
        left[at(from_s)..at(to_s)].iter().all(|sample| *sample == 0.0)
    };
    assert!(quiet(3.2, 6.8), "silence while it is away");
    assert!(!quiet(1.0, 1.2) && !quiet(8.0, 8.2), "music before and after");
}
