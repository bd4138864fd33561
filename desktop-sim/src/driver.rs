//! The thread beside the screen: carries out the script, or lets the time asked for pass.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::cloud::CloudDesk;
use crate::screenshot::Camera;
use crate::script::Script;
use crate::script::run::{Outcome, Runner};
use crate::unit::Unit;

/// What there is to do.
pub struct Plan {
    /// Lines to carry out.
    pub script: Option<Script>,
    /// How long to run, on the unit's clock.
    pub seconds: Option<Duration>,
    /// Where `play` looks for relative paths.
    pub music: Vec<PathBuf>,
    /// The link to the cloud, for the script.
    pub cloud: Option<CloudDesk>,
}

impl Plan {
    /// Whether the run ends by itself.
    pub fn has_end(&self) -> bool {
        self.script.is_some() || self.seconds.is_some()
    }
}

/// Carries a plan out on a thread of its own; `end` is called with the outcome, if the plan has one.
///
/// # Errors
/// The system gives no thread.
pub fn spawn(
    plan: Plan,
    unit: Unit,
    camera: Camera,
    end: impl FnOnce(Outcome) + Send + 'static,
) -> std::io::Result<()> {
    if !plan.has_end() {
        return Ok(());
    }
    // Never joined: when the window is closed or the run interrupted, the process ends under it.
    thread::Builder::new().name("script".into()).spawn(move || end(carry_out(&plan, &unit, &camera)))?;
    Ok(())
}

fn carry_out(plan: &Plan, unit: &Unit, camera: &Camera) -> Outcome {
    let deadline = plan.seconds.map(|seconds| unit.now() + seconds);
    match (&plan.script, deadline) {
        (Some(script), _) => {
            let cloud = plan.cloud.as_ref();
            Runner { unit, camera, cloud, music: &plan.music, deadline }.run(script)
        }
        (None, Some(deadline)) => {
            unit.settle();
            unit.wait_until(deadline);
            Outcome::Done
        }
        (None, None) => Outcome::Done,
    }
}
