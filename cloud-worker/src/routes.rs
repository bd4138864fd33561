//! The one table of routes. Dispatch, the API's description and the tests all read it.

use std::future::Future;
use std::pin::Pin;

#[cfg(test)]
use schemars::{JsonSchema, Schema, SchemaGenerator};

use crate::edge::{Call, Method, Problem, Reply};

mod table;

pub use table::ROUTES;

/// Who a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// Anybody.
    None,
    /// Who bears a valid access token; a session ended elsewhere may count for a few seconds more.
    Access,
    /// The same, and the session is looked up: for what cannot be taken back.
    Session,
    /// A unit that signs its request. The handler checks the signature.
    Device,
}

/// How often a caller may ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rate {
    /// No limit of ours.
    Open,
    /// Only the outer shield.
    Shield,
    /// The shield, and exactly so many tries in so many seconds from one address. Refused when it cannot be
    /// counted.
    Exact(u32, u32),
}

type Answer = Pin<Box<dyn Future<Output = Result<Reply, Problem>>>>;
/// Makes the JSON Schema of a type. Only the tests do: the worker serves what they made, `openapi.json`.
#[cfg(test)]
pub type Shape = fn(&mut SchemaGenerator) -> Schema;
/// Stands where the tests have the schema.
#[cfg(not(test))]
pub type Shape = fn();

/// One route.
pub struct Route {
    /// Its method.
    pub method: Method,
    /// Its path; `{name}` stands for one part of it.
    pub path: &'static str,
    /// Who it answers.
    pub auth: Auth,
    /// How often.
    pub rate: Rate,
    /// Most bytes of its body; 0: it has none.
    pub body: usize,
    /// What it is called in generated clients.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// The body it takes.
    pub takes: Option<Shape>,
    /// Status of its ordinary answer, and the body of it.
    pub gives: (u16, Option<Shape>),
    /// What its query may say.
    pub queries: &'static [&'static str],
    /// Whether `If-Match` names the version that is meant.
    pub if_match: bool,
    /// What does it.
    pub handler: fn(Call) -> Answer,
}

impl Route {
    /// A route for anybody, behind the shield, without a body.
    pub const fn new(
        method: Method,
        path: &'static str,
        name: &'static str,
        about: &'static str,
        handler: fn(Call) -> Answer,
    ) -> Self {
        Self {
            method,
            path,
            auth: Auth::None,
            rate: Rate::Shield,
            body: 0,
            name,
            about,
            takes: None,
            gives: (204, None),
            queries: &[],
            if_match: false,
            handler,
        }
    }

    const fn auth(mut self, auth: Auth) -> Self {
        self.auth = auth;
        self
    }

    const fn rate(mut self, rate: Rate) -> Self {
        self.rate = rate;
        self
    }

    const fn takes(mut self, bytes: usize, shape: Shape) -> Self {
        self.body = bytes;
        self.takes = Some(shape);
        self
    }

    const fn gives(mut self, status: u16, shape: Option<Shape>) -> Self {
        self.gives = (status, shape);
        self
    }

    const fn queries(mut self, names: &'static [&'static str]) -> Self {
        self.queries = names;
        self
    }

    const fn if_match(mut self) -> Self {
        self.if_match = true;
        self
    }
}

/// The JSON Schema of `T`, for the table.
#[cfg(not(test))]
const fn shape<T>() {}

/// The JSON Schema of `T`, for the table.
#[cfg(test)]
fn shape<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// What a method and a path lead to.
pub enum Found {
    /// A route, and what stands in the places of its `{…}`.
    Route(&'static Route, Vec<String>),
    /// The path has other methods: these.
    OtherMethods(String),
    /// Nothing.
    Nothing,
}

/// Finds the route. A path part is taken as it is sent: ours need no escapes.
pub fn find(method: &str, path: &str) -> Found {
    let wanted = Method::parse(method);
    let mut params = Vec::new();
    for route in ROUTES {
        if Some(route.method) == wanted && matches(route.path, path, &mut params) {
            return Found::Route(route, params);
        }
    }
    methods(path).map_or(Found::Nothing, Found::OtherMethods)
}

/// The methods of a path, as the `Allow` header lists them; none where there is no such path.
pub fn methods(path: &str) -> Option<String> {
    let names: Vec<&str> = ROUTES
        .iter()
        .filter(|route| matches(route.path, path, &mut Vec::new()))
        .map(|route| route.method.name())
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// The path of the table that `path` matches, for logs.
pub fn pattern(path: &str) -> &'static str {
    ROUTES.iter().find(|route| matches(route.path, path, &mut Vec::new())).map_or("none", |route| route.path)
}

fn matches(pattern: &str, path: &str, params: &mut Vec<String>) -> bool {
    if !pattern.contains('{') {
        return pattern == path;
    }
    params.clear();
    let (mut wanted, mut given) = (pattern.split('/'), path.split('/'));
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return true,
            (Some(want), Some(part)) if want.starts_with('{') && !part.is_empty() => {
                params.push(part.to_owned());
            }
            (Some(want), Some(part)) if want == part => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_whole_parts_only() {
        let mut params = Vec::new();
        assert!(matches("/api/devices/{id}/ticket", "/api/devices/abc/ticket", &mut params));
        assert_eq!(params, ["abc"]);
        for path in
            ["/api/devices//ticket", "/api/devices/a/b/ticket", "/api/devices/a", "/api/devices/a/ticket/"]
        {
            assert!(!matches("/api/devices/{id}/ticket", path, &mut Vec::new()), "{path}");
        }
    }

    #[test]
    fn every_route_is_found_under_its_own_method_and_path() {
        for route in ROUTES {
            let Found::Route(found, _) = find(route.method.name(), route.path) else {
                panic!("{}", route.path)
            };
            assert_eq!((found.method, found.path), (route.method, route.path));
        }
        assert!(matches!(find("POST", "/api/health"), Found::OtherMethods(allowed) if allowed == "GET"));
        assert!(matches!(find("TRACE", "/api/health"), Found::OtherMethods(_)));
        assert!(matches!(find("GET", "/api/nothing"), Found::Nothing));
        assert!(matches!(find("HEAD", "/api/health"), Found::Route(..)));
    }

    #[test]
    fn names_are_unique_and_bodies_have_shapes() {
        let mut names: Vec<_> = ROUTES.iter().map(|route| route.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ROUTES.len());
        for route in ROUTES {
            assert_eq!(route.takes.is_some(), route.body > 0, "{}", route.name);
            assert!(route.body <= 1 << 20, "{}", route.name);
        }
    }
}
