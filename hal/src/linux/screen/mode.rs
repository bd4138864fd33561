//! Which of a display's modes to use.

/// What counts about a mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ModeFacts {
    /// Pixels.
    pub size: (u32, u32),
    /// Pictures a second.
    pub refresh: u32,
    /// The display's own wish.
    pub preferred: bool,
    /// Drawn in two halves.
    pub interlaced: bool,
}

/// Above this many pictures a second nothing is gained, and a small board has to move more bytes.
const ENOUGH: u32 = 60;

/// The index of the mode to use: of the wished size if there is one, else what the display prefers, else the first.
/// None if there are no modes.
pub(super) fn choose(modes: &[ModeFacts], wish: Option<(u32, u32)>) -> Option<usize> {
    let fits = |mode: &ModeFacts| wish.is_none_or(|size| size == mode.size);
    let best = |candidates: &dyn Fn(&ModeFacts) -> bool| {
        let indexed = modes.iter().enumerate().filter(|(_, mode)| candidates(mode));
        // The last of equals wins, so the order is reversed: displays name their best mode first.
        indexed.rev().max_by_key(|(_, mode)| rank(mode)).map(|(index, _)| index)
    };
    let wished = || wish.and_then(|_| best(&|mode| fits(mode)));
    let preferred = || best(&|mode| mode.preferred);
    wished().or_else(preferred).or_else(|| modes.iter().position(|mode| !mode.interlaced)).or_else(|| {
        // A display that is interlaced only.
        (!modes.is_empty()).then_some(0)
    })
}

fn rank(mode: &ModeFacts) -> (bool, bool, u32) {
    let refresh = if mode.refresh <= ENOUGH { mode.refresh } else { 0 };
    (!mode.interlaced, mode.preferred, refresh)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn mode(width: u32, height: u32, refresh: u32) -> ModeFacts {
        ModeFacts { size: (width, height), refresh, preferred: false, interlaced: false }
    }

    #[test]
    fn a_wished_size_is_taken_at_sixty_pictures_a_second() {
        let modes = [
            ModeFacts { preferred: true, ..mode(1920, 1080, 60) },
            mode(800, 480, 50),
            ModeFacts { interlaced: true, ..mode(800, 480, 60) },
            mode(800, 480, 75),
            mode(800, 480, 60),
        ];
        assert_eq!(choose(&modes, Some((800, 480))), Some(4));
        assert_eq!(choose(&modes[..4], Some((800, 480))), Some(1));
    }

    #[test]
    fn a_size_the_display_lacks_gives_its_own_wish() {
        let modes = [mode(1024, 768, 60), ModeFacts { preferred: true, ..mode(1280, 800, 60) }];
        assert_eq!(choose(&modes, Some((800, 480))), Some(1));
        assert_eq!(choose(&modes, None), Some(1));
    }

    #[test]
    fn without_a_wish_of_its_own_the_first_is_taken() {
        let modes =
            [ModeFacts { interlaced: true, ..mode(720, 576, 50) }, mode(1024, 768, 60), mode(800, 600, 60)];
        assert_eq!(choose(&modes, None), Some(1));
        assert_eq!(choose(&modes[..1], None), Some(0));
        assert_eq!(choose(&[], None), None);
        assert_eq!(choose(&[], Some((1, 1))), None);
    }
}
