//! Sounds to choose from: the owner's own and those of the unit.

use protocol::Command;
use protocol::remote::{Answer, PresetEntry, Question, capability};

use crate::app::App;
use crate::icons;
use crate::net::link::Standing;
use crate::text;
use crate::ui::dialog::{ask_name, confirm};
use crate::ui::{El, Signal, div, effect, el};
use crate::widgets::{button, tool};

pub fn presets(app: &'static App) -> El {
    let list = Signal::<Vec<PresetEntry>>::default();
    let told = list.clone();
    effect(move || {
        app.presets_revision.get();
        if app.link.standing.get() != Standing::Online {
            return;
        }
        let told = told.clone();
        app.ask(Question::Presets, move |answer| {
            if let Ok(Answer::Presets(presets)) = answer {
                told.put(presets);
            }
        });
    });
    let save = app.can(capability::OWN_PRESETS).then(|| {
        button(text::SAVE_PRESET, "plain", move || {
            let name = app.sound.shown.peek_with(|sound| sound.preset.name.clone());
            ask_name(text::SAVE_PRESET, text::PRESET_NAME, &name, text::SAVE, move |name| {
                app.send(Command::SavePreset { name });
            });
        })
        .controls(app)
    });
    let now = el("p").class("preset-now").text_of(move || {
        app.sound.shown.with(|sound| match sound.edited {
            true => text::edited(&sound.preset.name),
            false => sound.preset.name.clone(),
        })
    });
    let (own, factory) = (list.clone(), list);
    el("section")
        .class("presets")
        .attr("aria-label", text::PRESET)
        .child(div("preset-head").child(now).maybe(save))
        .child(group(app, text::OWN_PRESETS, move || of(&own, true)))
        .child(group(app, text::FACTORY_PRESETS, move || of(&factory, false)))
}

fn of(list: &Signal<Vec<PresetEntry>>, own: bool) -> Vec<(String, PresetEntry)> {
    list.with(|list| {
        let some = list.iter().filter(|entry| entry.own == own);
        some.map(|entry| (entry.preset.name.clone(), entry.clone())).collect()
    })
}

fn group(
    app: &'static App,
    name: &'static str,
    entries: impl Fn() -> Vec<(String, PresetEntry)> + Clone + 'static,
) -> El {
    let some = entries.clone();
    div("").flag_of("hidden", move || some().is_empty()).child(el("h2").class("section").text(name)).child(
        el("ul")
            .class("preset-list")
            .attr("role", "list")
            .attr("aria-label", name)
            .each(entries, move |entry| preset(app, &entry)),
    )
}

fn preset(app: &'static App, entry: &Signal<PresetEntry>) -> El {
    let (name, own) = entry.peek_with(|entry| (entry.preset.name.clone(), entry.own));
    let (shown, chosen) = (name.clone(), name.clone());
    let choose = el("button")
        .class("preset")
        .attr("type", "button")
        .text(&name)
        .attr_of("aria-pressed", move || {
            let on = app.sound.shown.with(|sound| sound.preset.name == shown && !sound.edited);
            Some(on.to_string())
        })
        .on("click", move |_| app.send(Command::SelectPreset { name: chosen.clone() }))
        .controls(app);
    let delete = own.then(|| {
        let label = format!("{}: {name}", text::DELETE_PRESET);
        tool(icons::CLOSE, &label, move || {
            let gone = name.clone();
            confirm(&text::delete_named(&name), text::DELETE_PRESET_WHY, text::DELETE, move || {
                app.send(Command::DeletePreset { name: gone.clone() });
            });
        })
        .controls(app)
    });
    el("li").class("preset-item").child(choose).maybe(delete)
}
