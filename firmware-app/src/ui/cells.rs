//! Small helpers of the adapters: models changed row by row, and figures in cells.

use slint::{Model, SharedString, VecModel};

/// Makes `model` hold `wanted`, touching only the rows that differ, so that only they are redrawn.
pub fn sync<T: Clone + PartialEq + 'static>(model: &VecModel<T>, wanted: impl IntoIterator<Item = T>) {
    let mut count = 0;
    for value in wanted {
        match model.row_data(count) {
            Some(old) if old == value => {}
            Some(_) => model.set_row_data(count, value),
            None => model.push(value),
        }
        count += 1;
    }
    while model.row_count() > count {
        model.remove(model.row_count() - 1);
    }
}

/// The characters of a running figure, one a cell.
pub fn figures(text: &str) -> Vec<SharedString> {
    text.chars().map(|figure| SharedString::from(figure.to_string())).collect()
}

/// `4:07`, `1:02:30`; whole seconds, rounded down. Negative times and non-numbers are `0:00`.
pub fn clock(seconds: f64) -> String {
    // The cast makes zero of NaN.
    let total = seconds.clamp(0.0, 359_999.0) as u32;
    let (hours, minutes, seconds) = (total / 3600, total / 60 % 60, total % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_on_any_stereo() {
        assert_eq!(clock(0.0), "0:00");
        assert_eq!(clock(247.9), "4:07");
        assert_eq!(clock(3750.0), "1:02:30");
        assert_eq!(clock(-3.0), "0:00");
        assert_eq!(clock(f64::NAN), "0:00");
    }

    #[test]
    fn a_model_becomes_what_is_wanted() {
        let model = VecModel::from(vec![1, 2, 3]);
        sync(&model, [1, 5]);
        assert_eq!(model.iter().collect::<Vec<_>>(), [1, 5]);
        sync(&model, [1, 5, 6, 7]);
        assert_eq!(model.iter().collect::<Vec<_>>(), [1, 5, 6, 7]);
    }
}
