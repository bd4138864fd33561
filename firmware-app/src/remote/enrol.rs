//! Letting a phone in, and the cookie it is known by.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use serde::Deserialize;
use serde_json::json;

use super::answer::{Answer, Problem, json, problem};
use super::api::body;
use super::door::Door;
use super::enrolment::Denied;
use super::phones::NotKept;
use super::routes::{Call, cookie_name};
use crate::remote_desk::RemoteReport;

/// As long as browsers keep a cookie at most (RFC 6265bis, section 5.5): 400 days.
const COOKIE_LIFE: Duration = Duration::from_secs(400 * 24 * 60 * 60);

#[derive(Deserialize)]
struct Wish {
    code: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    client: Client,
}

/// What asks to be let in.
#[derive(Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Client {
    /// A page, which never sees its token.
    #[default]
    Web,
    /// A program.
    Api,
}

pub(crate) async fn enrol(call: Call) -> Answer {
    let Call { server, door, request, .. } = call;
    let wish: Wish = match body(request).await {
        Ok(wish) => wish,
        Err(answer) => return answer,
    };
    let code: String = wish.code.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let role = match server.admit(&code) {
        Ok(role) => role,
        Err(denied) => return refused(denied),
    };
    let (token, member) = match server.phones.add(&wish.name, role).await {
        Ok(added) => added,
        Err(why) => {
            tracing::warn!(%why, "a phone was not let in");
            let (status, code) = match why {
                NotKept::Full => (StatusCode::CONFLICT, "full"),
                NotKept::NotStored | NotKept::Random(_) => (StatusCode::SERVICE_UNAVAILABLE, "not_stored"),
            };
            return problem(status, code, &why.to_string());
        }
    };
    tracing::info!(phone = member.name, from = %door.peer, "a phone was let in");
    server.report_phones();
    server.report(RemoteReport::Joined { name: member.name.clone(), role });
    let mut said = json!({ "role": role, "name": member.name, "unit": server.unit() });
    if wish.client == Client::Api {
        said["token"] = token.into();
        return json(StatusCode::OK, &said);
    }
    let mut answer = json(StatusCode::OK, &said);
    answer.headers_mut().extend(cookie(&door, Some(&token)).map(|value| (header::SET_COOKIE, value)));
    answer
}

fn refused(denied: Denied) -> Answer {
    match denied {
        Denied::NotOpen => {
            problem(StatusCode::CONFLICT, "not_open", "Choose “Add a phone” on the unit, then try again.")
        }
        Denied::WrongCode { tries_left } => {
            let message = match tries_left {
                0 => "This is not the code. Choose “Add a phone” on the unit once more.",
                _ => "This is not the code on the unit's screen.",
            };
            Problem { error: "wrong_code", message, tries_left: Some(tries_left), ..Problem::default() }
                .answer(StatusCode::FORBIDDEN)
        }
        Denied::Wait(wait) => {
            let message = "Too many wrong codes: wait before you try again.";
            let seconds = wait.as_millis().div_ceil(1000);
            let retry_after = Some(u64::try_from(seconds).unwrap_or(u64::MAX));
            Problem { error: "wait", message, retry_after, ..Problem::default() }
                .answer(StatusCode::TOO_MANY_REQUESTS)
        }
    }
}

/// The header that sets the cookie, or removes it.
pub(crate) fn cookie(door: &Door, token: Option<&str>) -> Option<HeaderValue> {
    let name = cookie_name(door);
    let secure = if door.is_secure { "; Secure" } else { "" };
    let (value, life) = token.map_or(("", 0), |token| (token, COOKIE_LIFE.as_secs()));
    HeaderValue::from_str(&format!(
        "{name}={value}; HttpOnly; SameSite=Strict; Path=/; Max-Age={life}{secure}"
    ))
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cookie_is_out_of_reach_of_scripts_and_of_other_sites() {
        let local = "192.168.1.20:8080".parse().unwrap();
        let mut door = Door { is_secure: false, local, peer: local };
        let set = "rusty_audio=t; HttpOnly; SameSite=Strict; Path=/; Max-Age=34560000";
        assert_eq!(cookie(&door, Some("t")).unwrap(), set);
        let removed = "rusty_audio=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0";
        assert_eq!(cookie(&door, None).unwrap(), removed);
        door.is_secure = true;
        assert_eq!(cookie(&door, Some("t")).unwrap(), format!("__Host-{set}; Secure"));
    }

    #[test]
    fn a_wait_is_rounded_up() {
        let answer = refused(Denied::Wait(Duration::from_millis(29_001)));
        assert_eq!(answer.headers()[header::RETRY_AFTER], "30");
    }
}
