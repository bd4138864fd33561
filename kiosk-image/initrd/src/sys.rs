//! The system calls that the standard library does not have.

use std::ffi::{CStr, CString};
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::Path;

/// An error that says at what it happened.
pub fn at(what: &str) -> impl Fn(io::Error) -> io::Error + '_ {
    move |error| io::Error::new(error.kind(), format!("{what}: {error}"))
}

/// Mounts a file system.
///
/// # Errors
/// As mount(2).
pub fn mount(source: &str, target: &str, kind: &str, flags: libc::c_ulong, options: &str) -> io::Result<()> {
    let shown = format!("{source} on {target}");
    let [source, target, kind, options] = [source, target, kind, options].map(CString::new);
    let (source, target, kind, options) = (source?, target?, kind?, options?);
    // SAFETY: four strings that end with zero and live through the call.
    #[allow(unsafe_code)]
    let code = unsafe {
        libc::mount(
            source.as_ptr(),
            target.as_ptr(),
            kind.as_ptr(),
            flags,
            options.as_ptr().cast::<libc::c_void>(),
        )
    };
    result(code.into()).map(drop).map_err(at(&shown))
}

/// Makes the working folder the root.
///
/// # Errors
/// As chroot(2).
pub fn chroot_here() -> io::Result<()> {
    // SAFETY: a constant string.
    #[allow(unsafe_code)]
    let code = unsafe { libc::chroot(c".".as_ptr()) };
    result(code.into()).map(drop)
}

/// Loads a driver; one that is there already is as good.
///
/// # Errors
/// As finit_module(2).
pub fn load(path: &Path) -> io::Result<()> {
    let shown = path.display().to_string();
    let file = File::open(path).map_err(at(&shown))?;
    // SAFETY: an open file, a constant string, no flags.
    #[allow(unsafe_code)]
    let code = unsafe { libc::syscall(libc::SYS_finit_module, file.as_raw_fd(), c"".as_ptr(), 0) };
    match result(code) {
        Err(error) if error.raw_os_error() == Some(libc::EEXIST) => Ok(()),
        other => other.map(drop).map_err(at(&shown)),
    }
}

/// A request to the device mapper, which is answered in place.
///
/// # Errors
/// As its own documentation says.
pub fn device_mapper(control: &File, number: u32, message: &mut [u8]) -> io::Result<()> {
    // _IOWR(0xfd, number, struct dm_ioctl): the size is that of the fixed part.
    let request = 3 << 30 | 312 << 16 | 0xfd << 8 | libc::c_ulong::from(number);
    // SAFETY: the message says its own length in its header, which is that of the buffer, and the kernel writes no
    // further than that.
    #[allow(unsafe_code)]
    let code = unsafe { libc::ioctl(control.as_raw_fd(), request as _, message.as_mut_ptr()) };
    result(code.into()).map(drop)
}

/// The kernel's release, as its folder of drivers is named.
///
/// # Errors
/// As uname(2).
pub fn release() -> io::Result<String> {
    // SAFETY: utsname is a struct of arrays of characters, for which zeros are valid, and uname fills it with strings
    // that end with zero.
    #[allow(unsafe_code)]
    let text = unsafe {
        let mut name: libc::utsname = std::mem::zeroed();
        result(libc::uname(&raw mut name).into())?;
        CStr::from_ptr(name.release.as_ptr()).to_string_lossy().into_owned()
    };
    Ok(text)
}

/// Starts the machine again, without a word to anybody.
pub fn restart() {
    // SAFETY: both take no memory of ours. Nothing is mounted that could lose anything.
    #[allow(unsafe_code)]
    unsafe {
        libc::sync();
        libc::reboot(libc::RB_AUTOBOOT);
    }
}

fn result(code: libc::c_long) -> io::Result<libc::c_long> {
    if code < 0 { Err(io::Error::last_os_error()) } else { Ok(code) }
}
