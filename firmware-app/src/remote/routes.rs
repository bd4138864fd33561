//! Every route of the server, in one table: the router is made from it, and so are the tests that try each
//! route with foreign hosts and without a token.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use axum::routing::{MethodFilter, on};
use protocol::remote::Role;

use super::answer::{Answer, problem};
use super::door::Door;
use super::phones::Member;
use super::server::Server;
use super::{api, enrol, site, socket};

/// Who may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody on the network.
    Public,
    /// A phone that was let in.
    Phone,
    /// A phone that may change something.
    Owner,
}

/// A request and what is known of who asks.
pub(crate) struct Call {
    pub server: Arc<Server>,
    pub door: Door,
    pub request: Request<Body>,
    /// Who it is, where the route asks for that.
    pub member: Option<Member>,
}

type Answering = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// A route of the server.
#[derive(Clone, Copy)]
pub struct Route {
    /// `GET`, `POST` or `DELETE`.
    pub method: &'static str,
    /// With `{name}` for a part that varies.
    pub path: &'static str,
    /// Who may ask.
    pub access: Access,
    run: fn(Call) -> Answering,
}

macro_rules! route {
    ($method:literal $path:literal $access:ident $run:path) => {
        Route { method: $method, path: $path, access: Access::$access, run: |call| Box::pin($run(call)) }
    };
}

/// All of them. Everything else is a file of the web remote.
pub static ROUTES: &[Route] = &[
    route!("GET" "/api/health" Public api::health),
    route!("POST" "/api/enrol" Public enrol::enrol),
    route!("GET" "/api/certificate" Public api::certificate),
    route!("GET" "/api/session" Phone api::session),
    route!("DELETE" "/api/session" Phone api::forget),
    route!("GET" "/api/snapshot" Phone api::snapshot),
    route!("POST" "/api/command" Owner api::command),
    route!("POST" "/api/ask" Phone api::ask),
    route!("GET" "/api/art/{hash}" Phone api::art),
    route!("GET" "/api/schema" Phone api::schema),
    route!("GET" "/ws" Phone socket::open),
];

/// The router: the table, the files, and errors in the API's own form.
pub(crate) fn router(server: &Arc<Server>) -> Router {
    let mut router = Router::new();
    for route in ROUTES {
        let server = Arc::clone(server);
        let run = move |request: Request<Body>| admit(Arc::clone(&server), route, request);
        router = router.route(route.path, on(filter(route.method), run));
    }
    let files = Arc::clone(server);
    router
        .fallback(move |request: Request<Body>| site::answer(Arc::clone(&files), request))
        .method_not_allowed_fallback(|| async {
            problem(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "This cannot be done here.")
        })
}

fn filter(method: &str) -> MethodFilter {
    match method {
        "POST" => MethodFilter::POST,
        "DELETE" => MethodFilter::DELETE,
        _ => MethodFilter::GET,
    }
}

/// Lets a request through to its route, if who asks may.
async fn admit(server: Arc<Server>, route: &'static Route, mut request: Request<Body>) -> Answer {
    let Some(door) = request.extensions_mut().remove::<Door>() else {
        return problem(StatusCode::INTERNAL_SERVER_ERROR, "internal", "The unit has lost track.");
    };
    let member = match route.access {
        Access::Public => None,
        Access::Phone | Access::Owner => {
            match token(&door, &request).and_then(|token| server.phones.whose(&token)) {
                Some(member) => Some(member),
                None => return unknown_phone(),
            }
        }
    };
    if route.access == Access::Owner && member.as_ref().is_none_or(|member| member.role != Role::Owner) {
        return problem(StatusCode::FORBIDDEN, "not_allowed", "This phone may look, but change nothing.");
    }
    if let Some(member) = &member {
        server.phones.seen(member.id);
    }
    (route.run)(Call { server, door, request, member }).await
}

/// The answer to somebody who was not let in.
fn unknown_phone() -> Answer {
    let mut answer = problem(
        StatusCode::UNAUTHORIZED,
        "no_token",
        "This phone is not known here: choose “Add a phone” on the unit.",
    );
    let challenge = header::HeaderValue::from_static("Bearer realm=\"rusty-audio\"");
    answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
    answer
}

/// The cookie's name. A secure cookie cannot be replaced over http, so each way in has its own; `__Host-`
/// makes browsers refuse one that another host set (RFC 6265bis, section 4.1.3.2).
pub(crate) fn cookie_name(door: &Door) -> &'static str {
    if door.is_secure { "__Host-rusty_audio" } else { "rusty_audio" }
}

/// The token a request shows: of its header, else of its cookie.
fn token(door: &Door, request: &Request<Body>) -> Option<String> {
    let headers = request.headers();
    if let Some(shown) = headers.get(header::AUTHORIZATION) {
        let (scheme, token) = shown.to_str().ok()?.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    cookie_token(door, request)
}

/// The token in the cookie.
pub(crate) fn cookie_token(door: &Door, request: &Request<Body>) -> Option<String> {
    let headers = request.headers();
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    cookies
        .flat_map(|line| line.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| *name == cookie_name(door))
        .map(|(_, value)| value.to_owned())
}

/// Whether a method changes nothing.
pub(crate) fn only_reads(method: &Method) -> bool {
    matches!(*method, Method::GET | Method::HEAD)
}
