//! The protocols' shapes, pure and on both sides: NCALayer frames as the client reads them, eGov Mobile JSON as the server
//! speaks it. The simulators write their frames by code of their own.

#[cfg(any(feature = "csr", feature = "ssr"))]
pub mod egov_mobile;
#[cfg(any(feature = "csr", feature = "ssr"))]
pub mod ncalayer;
