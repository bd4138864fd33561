//! Makes the API's description from the table of routes. Part of the tests only: it takes 45 kB of a packed worker.

use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::edge::Method;
use crate::edge::problem::ErrorBody;
use crate::routes::{Auth, ROUTES, Route, Shape};

/// The whole document.
fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    let mut generator = settings.into_generator();
    generator.subschema_for::<ErrorBody>();
    let mut paths = Map::new();
    for route in ROUTES {
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.name().to_lowercase()] = operation(route, &mut generator);
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Rusty Audio cloud companion",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "GPL-3.0-or-later", "identifier": "GPL-3.0-or-later" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "bearer": { "type": "http", "scheme": "bearer", "bearerFormat": "JWT" },
                "cookie": { "type": "apiKey", "in": "cookie", "name": "__Host-access" },
                "device": {
                    "type": "apiKey", "in": "header", "name": "DPoP",
                    "description": "A proof signed with the unit's Ed25519 key (RFC 9449).",
                },
            },
        },
    })
}

fn operation(route: &Route, generator: &mut SchemaGenerator) -> Value {
    let (status, gives) = route.gives;
    let mut responses = Map::new();
    let mut ordinary = json!({ "description": route.about });
    if let Some(shape) = gives {
        ordinary["content"] = content(shape, generator);
    }
    responses.insert(status.to_string(), ordinary);
    let error = json!({
        "description": "Why not",
        "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Error" } } },
    });
    responses.insert("default".to_owned(), error);
    let mut operation = json!({
        "operationId": route.name,
        "summary": route.about,
        "tags": [tag(route)],
        "responses": responses,
    });
    let parameters = parameters(route);
    if !parameters.is_empty() {
        operation["parameters"] = json!(parameters);
    }
    if let Some(shape) = route.takes {
        operation["requestBody"] = json!({ "required": true, "content": content(shape, generator) });
    }
    operation["security"] = match route.auth {
        Auth::None => json!([]),
        Auth::Access | Auth::Session => json!([{ "bearer": [] }, { "cookie": [] }]),
        Auth::Device => json!([{ "device": [] }]),
    };
    operation
}

fn content(shape: Shape, generator: &mut SchemaGenerator) -> Value {
    json!({ "application/json": { "schema": shape(generator) } })
}

/// The parts of the path that vary, what the query may say, and `If-Match`.
fn parameters(route: &Route) -> Vec<Value> {
    let named = |part: &'static str| part.strip_prefix('{')?.strip_suffix('}');
    let of = |place, required| move |name: &str| json!({ "name": name, "in": place, "required": required, "schema": { "type": "string" } });
    let mut parameters: Vec<Value> = route.path.split('/').filter_map(named).map(of("path", true)).collect();
    parameters.extend(route.queries.iter().copied().map(of("query", false)));
    if route.if_match {
        parameters.push(of("header", route.method == Method::Put)("If-Match"));
    }
    parameters
}

/// The area: the part after `/api/`.
fn tag(route: &Route) -> &'static str {
    route.path.split('/').nth(2).unwrap_or_default()
}

#[test]
fn what_is_served_is_made_from_the_table() {
    let made = format!("{:#}\n", document());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    if std::env::var_os("UPDATE_GOLDENS").is_some() {
        std::fs::write(file, &made).unwrap();
    }
    let served = std::fs::read_to_string(file).unwrap();
    assert!(served == made, "the table has changed: UPDATE_GOLDENS=1 cargo test -p cloud-worker openapi");
}

#[test]
fn every_route_is_described() {
    let document = document();
    for route in ROUTES {
        let operation = &document["paths"][route.path][route.method.name().to_lowercase()];
        assert_eq!(operation["operationId"], route.name);
    }
    assert!(document["components"]["schemas"]["Error"].is_object());
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let text = document.to_string();
    for (at, start) in text.match_indices("\"$ref\":\"#") {
        let rest = &text[at + start.len()..];
        let pointer = &rest[..rest.find('"').unwrap()];
        assert!(document.pointer(pointer).is_some(), "{pointer}");
    }
}
