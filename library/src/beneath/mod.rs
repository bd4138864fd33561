//! Opening files of a medium, and nothing outside it.
//!
//! On Linux the kernel itself resolves each path beneath an open handle of the medium's root
//! (`openat2`, `RESOLVE_BENEATH`), so that no link that is swapped in between leads away. Elsewhere, and
//! on kernels before 5.6, a path is resolved and compared before it is opened.
mod file;
mod folder;
#[cfg(target_os = "linux")]
mod kernel;
mod resolve;
mod root;
mod write;

pub(crate) use file::Ending;
pub use file::OpenFile;
#[cfg(target_os = "linux")]
pub(crate) use folder::modified_ns;
pub use folder::{FileKind, FolderEntry, OpenFolder};
pub use root::MediumRoot;
