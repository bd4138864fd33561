//! What the image is like inside, asked through the door.

use std::time::Duration;

use anyhow::Result;

use super::drive::told;
use super::qemu::Machine;
use crate::test::Tally;

const SOON: Duration = Duration::from_secs(60);

/// Every port that may be open, as protocol and number: the remote, its name on the network, and the addresses that
/// the network hands out (RFC 2131, RFC 8415). The raw one is no port: it is ICMPv6, by which routers make themselves
/// known (RFC 4861).
const PORTS: [&str; 5] = ["tcp 8080", "udp 5353", "udp 68", "udp 546", "raw 58"];

/// Runs lines in the guest; gives what they say.
///
/// # Errors
/// If they do not end in time.
pub fn ask(machine: &mut Machine, name: &str, lines: &str) -> Result<Vec<String>> {
    let (start, end) = (format!("ASKED {name} begin"), format!("ASKED {name} end"));
    let count = machine.said(&end).len() + 1;
    machine.shell(&format!("echo '{start}'; ({lines}) 2>&1 | sed 's/^/ANSWER {name} /'; echo '{end}'"))?;
    machine.wait_for(&end, count, SOON)?;
    let prefix = format!("ANSWER {name} ");
    Ok(machine.since(&start, &end, &prefix))
}

/// Checks the system from inside.
///
/// # Errors
/// If it does not answer.
pub fn check(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let failed = ask(machine, "failed", "systemctl list-units --failed --no-legend --plain")?;
    tally.check("no unit has failed", told(failed.is_empty(), format!("{failed:?}")));
    let jobs = ask(machine, "jobs", "systemctl list-jobs --no-legend --plain")?;
    tally.check("the start is over", told(jobs.is_empty(), format!("{} jobs wait {jobs:?}", jobs.len())));
    root(machine, tally)?;
    ports(machine, tally)?;
    logins(machine, tally)?;
    let said = ask(machine, "exposure", "systemd-analyze security --no-pager rusty-audio.service | tail -1")?;
    let level =
        said.iter().flat_map(|line| line.split_whitespace()).find_map(|word| word.parse::<f64>().ok());
    let held = level.is_some_and(|level| level <= 2.0);
    tally.check("the player is locked in", told(held, said.join(" ")));
    let user = ask(machine, "user", "stat -c %U /proc/$(systemctl show -P MainPID rusty-audio)")?;
    tally.check("the player has its own user", told(user == ["rusty-audio"], format!("{user:?}")));
    figures(machine)
}

fn root(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let line = ask(
        machine,
        "root",
        "findmnt -no SOURCE,FSTYPE,OPTIONS /; cat /sys/block/dm-0/dm/uuid; echo; touch /usr/x; touch /etc/x",
    )?;
    let mount = line.first().cloned().unwrap_or_default();
    let is_so = mount.contains("erofs") && mount.contains("ro,") && line.iter().any(|l| l.contains("VERITY"));
    tally.check(
        "the root is checked and cannot be written",
        told(is_so && line.iter().filter(|l| l.contains("Read-only")).count() == 2, format!("{line:?}")),
    );
    let data = ask(machine, "data", "findmnt -no FSTYPE,OPTIONS /var; df -m --output=size /var | tail -1")?;
    let size: u64 = data.last().and_then(|size| size.trim().parse().ok()).unwrap_or(0);
    tally.check("the data partition has grown", told(size > 2000, format!("{data:?} MB")));
    Ok(())
}

fn ports(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let lines = ask(
        machine,
        "ports",
        "cd /proc/net; for p in tcp tcp6 udp udp6 raw raw6; do tail -n +2 $p | sed \"s/^/$p /\"; done",
    )?;
    let mut open: Vec<String> = lines.iter().filter_map(|line| port(line)).collect();
    open.sort();
    open.dedup();
    let others: Vec<&String> = open.iter().filter(|port| !PORTS.contains(&port.as_str())).collect();
    let is_so = others.is_empty() && open.iter().any(|port| port == PORTS[0]);
    tally.check("only the listed ports are open", told(is_so, open.join(", ")));
    Ok(())
}

/// `tcp6 0: 0000…:1F90 0000…:0000 0A …` is `tcp 8080`; connections, and what listens only inside, are none.
fn port(line: &str) -> Option<String> {
    let mut words = line.split_whitespace();
    let protocol = words.next()?;
    let local = words.nth(1)?;
    let state = words.nth(1)?;
    let (address, port) = local.rsplit_once(':')?;
    let is_inside =
        address.ends_with("7F") && address.len() == 8 || address == "00000000000000000000000001000000";
    let listens = if protocol.starts_with("tcp") { state == "0A" } else { state == "07" };
    let number = u16::from_str_radix(port, 16).ok()?;
    (listens && !is_inside).then(|| format!("{} {number}", protocol.trim_end_matches('6')))
}

fn logins(machine: &mut Machine, tally: &mut Tally) -> Result<()> {
    let open = ask(
        machine,
        "shadow",
        "cut -d: -f1,2 /etc/shadow | grep -v ':[!*]' ; test ! -e /etc/shadow- || cut -d: -f1,2 /etc/shadow- | grep -v ':[!*]'",
    )?;
    tally.check("no account has a password", told(open.is_empty(), format!("{open:?}")));
    let doors = ask(
        machine,
        "doors",
        "cat /proc/[0-9]*/comm | grep -E 'getty|login|sshd|sulogin|dropbear|telnet'; ls /usr/sbin/sshd /usr/bin/ssh 2>/dev/null",
    )?;
    tally.check("there is no login", told(doors.is_empty(), format!("{doors:?}")));
    Ok(())
}

/// Prints what the system costs.
///
/// # Errors
/// If it does not answer.
pub fn figures(machine: &mut Machine) -> Result<()> {
    let lines = ask(
        machine,
        "figures",
        "grep VmRSS /proc/$(systemctl show -P MainPID rusty-audio)/status; grep -E 'MemTotal|MemAvailable' /proc/meminfo; systemd-analyze; systemctl list-units --type=service --state=running --no-legend --plain | cut -d' ' -f1",
    )?;
    for line in lines {
        println!("      {line}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn listeners_are_told_from_connections() {
        let tcp6 =
            "tcp6    0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 0";
        assert_eq!(port(tcp6).as_deref(), Some("tcp 8080"));
        assert_eq!(port("tcp   1: 0F02000A:9C40 0202000A:0050 01 0"), None);
        assert_eq!(port("tcp   1: 0100007F:0035 00000000:0000 0A 0"), None);
        assert_eq!(port("udp   2: 00000000:14E9 00000000:0000 07 0").as_deref(), Some("udp 5353"));
    }
}
