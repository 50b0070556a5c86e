//! The page: routes, pages, blocks, components, the NCALayer client.

pub mod components;
pub mod ncalayer;
