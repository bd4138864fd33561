//! From the system's and symphonia's errors to the reaction they call for.
use std::io;

use symphonia::core::errors::Error;

use crate::TrackError;

/// Operating system errors that mean the medium is gone: ENXIO, EIO, ENODEV, ESTALE, ENOMEDIUM.
#[cfg(unix)]
const GONE: [i32; 5] = [6, 5, 19, 116, 123];
/// ERROR_NOT_READY, ERROR_DEV_NOT_EXIST, ERROR_NO_MEDIA_IN_DRIVE, ERROR_DEVICE_NOT_CONNECTED, ERROR_FILE_INVALID.
#[cfg(not(unix))]
const GONE: [i32; 5] = [21, 55, 1112, 1167, 1006];

/// The reaction to a failed read or open.
pub(super) fn io_error(error: &io::Error) -> TrackError {
    let gone = error.raw_os_error().is_some_and(|code| GONE.contains(&code));
    if gone || error.kind() == io::ErrorKind::NotFound {
        TrackError::Missing
    } else {
        TrackError::Unreadable(error.to_string())
    }
}

/// The reaction to an error of the demuxer or the codec.
///
/// An end of file where more was promised, and a spent read budget, are damage: errors of the medium
/// itself are remembered by the source and asked for first.
pub(super) fn stream_error(error: &Error) -> TrackError {
    match error {
        Error::Unsupported(_) => TrackError::Unsupported,
        _ => TrackError::Damaged,
    }
}

/// True for "the data ends here".
pub(super) fn is_end(error: &Error) -> bool {
    matches!(error, Error::IoError(e) if e.kind() == io::ErrorKind::UnexpectedEof)
}
