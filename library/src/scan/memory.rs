//! How much memory a process took at its peak: one of the figures of a scan.

/// Peak resident bytes of a process (this one without an id) since its program began (`VmHWM`, proc(5));
/// `None` where the system does not tell.
///
/// Not `getrusage`: that counts what the parent had before the child began its own program.
#[cfg(target_os = "linux")]
pub(super) fn peak_rss(process: Option<u32>) -> Option<u64> {
    let of = process.map_or("self".to_owned(), |id| id.to_string());
    let status = std::fs::read_to_string(format!("/proc/{of}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kib * 1024)
}

/// Elsewhere nothing tells without a system library.
#[cfg(not(target_os = "linux"))]
pub(super) fn peak_rss(_process: Option<u32>) -> Option<u64> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::peak_rss;

    #[test]
    fn the_peak_stays() {
        let before = peak_rss(None).unwrap();
        let bytes = vec![1_u8; 32 << 20];
        assert_eq!(std::hint::black_box(&bytes).iter().map(|byte| u64::from(*byte)).sum::<u64>(), 32 << 20);
        drop(bytes);
        assert!(peak_rss(Some(std::process::id())).unwrap() >= before.max(32 << 20));
    }
}
