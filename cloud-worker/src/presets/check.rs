//! What a preset must be to be kept.

use protocol::cloud::{MAX_TAG, MAX_TAGS};
use protocol::{PresetError, SoundPreset};

use super::PresetBody;
use crate::edge::{Checks, FieldError, Problem};

/// Checks a sound.
///
/// # Errors
/// The first thing that is wrong, at its field.
pub fn sound(preset: &SoundPreset) -> Result<(), FieldError> {
    preset.validate().map_err(|error| FieldError { field: place(&error), error: error.to_string() })?;
    if preset.name.trim().is_empty() || preset.name.chars().any(char::is_control) {
        let error = "a preset's name must be seen: no blanks alone, no control characters".to_owned();
        return Err(FieldError { field: "sound.name".to_owned(), error });
    }
    Ok(())
}

/// The path of the field that is wrong.
fn place(error: &PresetError) -> String {
    match error {
        PresetError::Name(_) => "sound.name".to_owned(),
        PresetError::TooManyBands(_) => "sound.bands".to_owned(),
        PresetError::Range { band: 0, field, .. } => format!("sound.{field}"),
        PresetError::Range { band, field, .. } => format!("sound.bands[{}].{field}", band - 1),
    }
}

/// Checks the body of a request, and brings its tags into the form in which they are looked up.
///
/// # Errors
/// 422 with everything that is wrong.
pub fn body(mut body: PresetBody) -> Result<PresetBody, Problem> {
    let mut checks = Checks::default();
    if let Err(wrong) = sound(&body.sound) {
        checks.that(false, &wrong.field, &wrong.error);
    }
    checks.that(body.tags.len() <= MAX_TAGS, "tags", &format!("must be at most {MAX_TAGS}"));
    for (index, tag) in body.tags.iter().enumerate() {
        checks.text(tag, &format!("tags[{index}]"), MAX_TAG);
    }
    checks.finish()?;
    body.tags = body.tags.iter().map(|tag| folded(tag)).collect();
    body.tags.sort_unstable();
    body.tags.dedup();
    Ok(body)
}

/// A tag as it is kept and looked up.
pub fn folded(tag: &str) -> String {
    tag.trim().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Decibels;

    fn of(change: impl FnOnce(&mut PresetBody)) -> Result<PresetBody, Problem> {
        let mut wish = PresetBody {
            sound: SoundPreset::flat(),
            category: Default::default(),
            tags: Vec::new(),
            public: false,
        };
        change(&mut wish);
        body(wish)
    }

    fn wrong(change: impl FnOnce(&mut PresetBody)) -> Vec<String> {
        match of(change) {
            Err(Problem::Invalid(fields)) => fields.into_iter().map(|field| field.field).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_wrong_is_said_at_its_field() {
        assert_eq!(wrong(|wish| wish.sound.bands[3].gain = Decibels(13.0)), ["sound.bands[3].gain"]);
        assert_eq!(wrong(|wish| wish.sound.preamp = Decibels(1.0)), ["sound.preamp"]);
        assert_eq!(wrong(|wish| wish.sound.bands = vec![wish.sound.bands[0]; 32]), ["sound.bands"]);
        for name in ["", "  ", "a\u{7}", &"x".repeat(41)] {
            assert_eq!(wrong(|wish| name.clone_into(&mut wish.sound.name)), ["sound.name"], "{name:?}");
        }
        assert_eq!(wrong(|wish| wish.tags = vec!["a".into(); 9]), ["tags"]);
        assert_eq!(wrong(|wish| wish.tags = vec!["ok".into(), "x".repeat(25)]), ["tags[1]"]);
    }

    #[test]
    fn tags_are_kept_as_they_are_looked_up() {
        let body = of(|wish| wish.tags = vec![" Rock".into(), "ÄRGER".into(), "rock".into()]).unwrap();
        assert_eq!(body.tags, ["rock", "ärger"]);
    }
}
