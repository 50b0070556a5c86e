//! Three servers behind a balancer, on one PostgreSQL: the demo's own cabinet and two processes of the real program. Every
//! request of a flow is answered by another of them than the one before, so that whatever one of them kept to itself would be
//! missing at the next.

#![cfg(feature = "demo")]

#[path = "three_servers/applications.rs"]
mod applications;
#[path = "support/balancer.rs"]
mod balancer;
#[path = "three_servers/counts.rs"]
mod counts;
#[path = "support/page.rs"]
mod page;
#[path = "support/postgres.rs"]
mod postgres;
#[path = "three_servers/stage.rs"]
mod stage;
#[path = "three_servers/ways_in.rs"]
mod ways_in;
