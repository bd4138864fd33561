//! One request on its way to its handler.

use std::rc::Rc;

use serde::de::DeserializeOwned;
use url::form_urlencoded;
use worker::Env;
use worker::worker_sys::Context;

use super::{Method, Problem, Who, body, cookies};
use crate::clock::Seconds;
use crate::config::Config;
use crate::routes::Route;
use crate::store::Db;

/// What a handler is given.
pub struct Call {
    /// The route that matched.
    pub route: &'static Route,
    /// The request as the runtime has it: for WebSockets and signatures.
    pub request: web_sys::Request,
    /// Path, without the query.
    pub path: String,
    /// The query, without the question mark.
    pub query: String,
    /// What the path says in the places of `{…}`, in order.
    pub params: Vec<String>,
    /// The body; empty where the route takes none.
    pub body: Vec<u8>,
    /// The `Cookie` header.
    pub cookies: String,
    /// The caller's address; empty where the runtime does not say.
    pub address: String,
    /// When it came.
    pub now: Seconds,
    /// Its id in logs and in `x-request-id`.
    pub id: String,
    /// Who is signed in. Always somebody where the route asks for it.
    pub who: Option<Who>,
    /// The settings.
    pub config: Rc<Config>,
    /// The bindings.
    pub env: Env,
    /// For work that goes on after the answer.
    pub context: Rc<Context>,
}

impl Call {
    /// A header of the request.
    pub fn header(&self, name: &str) -> Option<String> {
        self.request.headers().get(name).ok().flatten()
    }

    /// A cookie of the request.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        cookies::read(&self.cookies, name)
    }

    /// The part of the path at the `index`-th `{…}` of the route.
    pub fn param(&self, index: usize) -> &str {
        self.params.get(index).map_or("", String::as_str)
    }

    /// A value of the query. One that stands there twice counts as missing.
    pub fn query(&self, name: &str) -> Option<String> {
        query_value(&self.query, name)
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// 422 with the field that does not fit.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        body::parse(&self.body)
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// 401 if nobody is; never on a route that asks for it.
    pub fn who(&self) -> Result<&Who, Problem> {
        self.who.as_ref().ok_or(Problem::Unauthorized("signed_out"))
    }

    /// The database.
    ///
    /// # Errors
    /// If it is not bound.
    pub fn db(&self) -> Result<Db, Problem> {
        Db::of(&self.env)
    }

    /// Whether it changes something.
    pub fn changes(&self) -> bool {
        self.route.method != Method::Get
    }
}

fn query_value(query: &str, name: &str) -> Option<String> {
    let mut values = form_urlencoded::parse(query.as_bytes()).filter(|(key, _)| key == name);
    let (_, value) = values.next()?;
    values.next().is_none().then(|| value.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_value_is_decoded_and_a_twin_is_none() {
        assert_eq!(query_value("a=1&state=x%20y+z", "state").as_deref(), Some("x y z"));
        assert_eq!(query_value("state=a&state=b", "state"), None);
        assert_eq!(query_value("", "state"), None);
    }
}
