//! The windows that contain the stereo's glass, seen through their globals.

use std::rc::Rc;

use slint::ComponentHandle;

use super::generated::{
    EnrolAdapter, EqualizerAdapter, ListAdapter, Metrics, NowPlayingAdapter, PairAdapter, SearchAdapter,
    ShellAdapter, Theme, UnitWindow,
};

/// Gives the window as long as it lives.
pub type WeakWindow = Box<dyn Fn() -> Option<Rc<dyn StereoWindow>>>;

/// A window with the stereo in it.
pub trait StereoWindow: 'static {
    /// Another handle to the same window.
    fn strong(&self) -> Rc<dyn StereoWindow>;
    /// A handle that does not keep the window alive, for its own callbacks.
    fn weak(&self) -> WeakWindow;
    /// Pixels per logical pixel.
    fn scale_factor(&self) -> f32;
    /// Sizes.
    fn metrics(&self) -> Metrics<'_>;
    /// Colours.
    fn theme(&self) -> Theme<'_>;
    /// Page, volume, message.
    fn shell(&self) -> ShellAdapter<'_>;
    /// The track that plays.
    fn now_playing(&self) -> NowPlayingAdapter<'_>;
    /// Lists.
    fn list(&self) -> ListAdapter<'_>;
    /// Letters and hits.
    fn search(&self) -> SearchAdapter<'_>;
    /// The bands.
    fn equalizer(&self) -> EqualizerAdapter<'_>;
    /// The code for a phone.
    fn enrol(&self) -> EnrolAdapter<'_>;
    /// The code by which the unit gets an owner.
    fn pair(&self) -> PairAdapter<'_>;
}

macro_rules! stereo_window {
    ($window:ty) => {
        impl StereoWindow for $window {
            fn strong(&self) -> Rc<dyn StereoWindow> {
                Rc::new(self.clone_strong())
            }
            fn weak(&self) -> WeakWindow {
                let weak = self.as_weak();
                Box::new(move || weak.upgrade().map(|window| Rc::new(window) as Rc<dyn StereoWindow>))
            }
            fn scale_factor(&self) -> f32 {
                self.window().scale_factor()
            }
            fn metrics(&self) -> Metrics<'_> {
                self.global()
            }
            fn theme(&self) -> Theme<'_> {
                self.global()
            }
            fn shell(&self) -> ShellAdapter<'_> {
                self.global()
            }
            fn now_playing(&self) -> NowPlayingAdapter<'_> {
                self.global()
            }
            fn list(&self) -> ListAdapter<'_> {
                self.global()
            }
            fn search(&self) -> SearchAdapter<'_> {
                self.global()
            }
            fn equalizer(&self) -> EqualizerAdapter<'_> {
                self.global()
            }
            fn enrol(&self) -> EnrolAdapter<'_> {
                self.global()
            }
            fn pair(&self) -> PairAdapter<'_> {
                self.global()
            }
        }
    };
}

stereo_window!(UnitWindow);
#[cfg(feature = "bezel")]
stereo_window!(super::generated::SimWindow);
