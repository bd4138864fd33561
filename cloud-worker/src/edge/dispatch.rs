//! The way of every request: find the route, let it pass the edge's checks, answer, log.

use std::rc::Rc;

use protocol::cloud::NONCE_HEADER;
use serde_json::json;
use wasm_bindgen::JsValue;
use web_sys::{Request, Response};
use worker::Env;
use worker::worker_sys::Context;

use super::origin::{self, Whence};
use super::report::{self, Report};
use super::respond::respond;
use super::{Call, Level, Method, Problem, Reply, access, body, cookies, cors, later, log, metrics};
use crate::clock;
use crate::config::{Config, Environment};
use crate::ids;
use crate::limits::{self, Limit};
use crate::routes::{self, Auth, Found, Rate};

/// What is read from a request before its route is known.
struct Head {
    method: String,
    path: String,
    query: String,
    origin: Option<String>,
}

/// Answers one request.
///
/// # Errors
/// Only if the runtime cannot even make a response.
pub async fn dispatch(request: Request, env: Env, context: Context) -> Result<Response, JsValue> {
    let began = clock::now_ms();
    let id = ids::id().unwrap_or_default();
    let head = head(&request);
    let config = match Config::of(&env) {
        Ok(config) => config,
        Err(problem) => return finish(Err(problem), &head, &id, began, Vec::new()),
    };
    let mut extra = cors::allow(head.origin.as_deref(), &config.cors_origins);
    if head.method == "OPTIONS" {
        return finish(preflight(&head, &config), &head, &id, began, Vec::new());
    }
    let context = Rc::new(context);
    let outcome = serve(request, &head, &id, config.clone(), env.clone(), context.clone(), &mut extra).await;
    let status = outcome.as_ref().map_or_else(Problem::status, |reply| reply.status);
    metrics::count(&env, known(&head.method), status, clock::now_ms() - began, || {
        routes::pattern(&head.path)
    });
    if let Err(problem) = &outcome
        && status >= 500
        && config.sentry.is_some()
    {
        let report = failure(problem, &head, &id);
        later(&context, async move { report::send(&config, report).await });
    }
    finish(outcome, &head, &id, began, extra)
}

/// Reports a panic at `place` of our source.
pub async fn report_panic(env: Env, place: String) {
    if let Ok(config) = Config::of(&env) {
        let report = Report {
            code: "panic",
            cause: place,
            place: "none".to_owned(),
            status: 500,
            request: String::new(),
        };
        report::send(&config, report).await;
    }
}

fn failure(problem: &Problem, head: &Head, id: &str) -> Report {
    Report {
        code: problem.code(),
        cause: problem.cause().unwrap_or_default().to_owned(),
        place: format!("{} {}", known(&head.method), routes::pattern(&head.path)),
        status: problem.status(),
        request: id.to_owned(),
    }
}

fn head(request: &Request) -> Head {
    let url = request.url();
    // scheme://host/path?query
    let after = url.split_once("://").map_or("", |(_, rest)| rest);
    let whole = after.find('/').map_or("/", |at| &after[at..]);
    let whole = whole.split_once('#').map_or(whole, |(before, _)| before);
    let (path, query) = whole.split_once('?').unwrap_or((whole, ""));
    Head {
        method: request.method(),
        path: path.to_owned(),
        query: query.to_owned(),
        origin: request.headers().get("origin").ok().flatten(),
    }
}

fn preflight(head: &Head, config: &Config) -> Result<Reply, Problem> {
    let allowed = routes::methods(&head.path).ok_or(Problem::NotFound)?;
    let headers = cors::preflight(head.origin.as_deref(), &config.cors_origins, &allowed)
        .ok_or(Problem::Forbidden("cross_origin", "Pages of this origin may not use the API."))?;
    Ok(Reply { headers, ..Reply::empty() })
}

async fn serve(
    request: Request,
    head: &Head,
    id: &str,
    config: Rc<Config>,
    env: Env,
    context: Rc<Context>,
    extra: &mut Vec<(&'static str, String)>,
) -> Result<Reply, Problem> {
    // For the test that a panic costs its own request only: no other can be had on purpose.
    if config.environment == Environment::Dev && head.path == "/api/dev/panic" {
        crash().await;
    }
    let (route, params) = match routes::find(&head.method, &head.path) {
        Found::Route(route, params) => (route, params),
        Found::OtherMethods(allowed) => return Err(Problem::MethodNotAllowed(allowed)),
        Found::Nothing => return Err(Problem::NotFound),
    };
    let headers = request.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    let cookies = header("cookie").unwrap_or_default();
    let bearer = header("authorization").is_some();
    let ambient = !bearer
        && [cookies::SESSION, cookies::ACCESS].iter().any(|name| cookies::read(&cookies, name).is_some());
    if route.auth == Auth::Device {
        // Whatever the answer is, it brings the nonce of the next request.
        extra.push((NONCE_HEADER, config.access_keys.nonces().issue(clock::now())));
    } else {
        let site = header("sec-fetch-site");
        let whence = Whence { origin: head.origin.as_deref(), site: site.as_deref() };
        origin::check(whence, &config.public_origin, &config.cors_origins, route.method.changes(), ambient)?;
    }
    let mut call = Call {
        route,
        path: head.path.clone(),
        query: head.query.clone(),
        params,
        body: Vec::new(),
        cookies,
        address: header("cf-connecting-ip").unwrap_or_default(),
        now: clock::now(),
        id: id.to_owned(),
        who: None,
        config,
        env,
        context,
        request,
    };
    limit(&call).await?;
    call.who = access::identify(&call).await?;
    if route.body > 0 {
        let media_type = call.header("content-type");
        let length = call.header("content-length");
        call.body = body::read(&call.request, length.as_deref(), route.body).await?;
        if !call.body.is_empty() && !body::is_json(media_type.as_deref()) {
            return Err(Problem::UnsupportedMedia);
        }
    }
    (route.handler)(call).await
}

#[allow(clippy::panic, reason = "the one that is meant")]
async fn crash() {
    worker::Delay::from(std::time::Duration::from_millis(5)).await;
    panic!("on purpose");
}

/// Holds the caller to the route's limits.
async fn limit(call: &Call) -> Result<(), Problem> {
    if call.route.rate == Rate::Open {
        return Ok(());
    }
    // The outer shield counts roughly and costs little; where it is not bound there is none.
    if let Ok(shield) = call.env.rate_limiter("RATE")
        && !shield.limit(call.address.clone()).await?.success
    {
        return Err(Problem::TooMany(60));
    }
    if let Rate::Exact(tries, seconds) = call.route.rate {
        let key = format!("route:{}:{}", call.route.name, call.address);
        limits::hit(&call.env, &key, Limit { tries, seconds }).await?;
    }
    Ok(())
}

fn finish(
    outcome: Result<Reply, Problem>,
    head: &Head,
    id: &str,
    began: i64,
    extra: Vec<(&'static str, String)>,
) -> Result<Response, JsValue> {
    let reply = outcome.unwrap_or_else(|problem| {
        note(&problem, head, id, clock::now_ms() - began);
        Reply::from(&problem)
    });
    respond(reply, id, &extra)
}

/// Logs what was refused. Answers that went well are counted and not logged one by one.
fn note(problem: &Problem, head: &Head, id: &str, ms: i64) {
    let level = match problem.status() {
        500.. => Level::Error,
        401 | 403 | 429 => Level::Warn,
        _ => Level::Info,
    };
    // The path as the route has it, not as it was sent: ids and codes stay out of the log.
    let about = json!({
        "id": id, "method": known(&head.method), "route": routes::pattern(&head.path),
        "status": problem.status(), "code": problem.code(), "cause": problem.cause(), "ms": ms,
    });
    log(level, "refused", about);
}

/// A method by its name if it is one we know: what is logged is ours.
fn known(method: &str) -> &'static str {
    Method::parse(method).map_or("other", Method::name)
}
