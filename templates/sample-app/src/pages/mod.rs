//! One module for each page.

pub mod about;
pub mod home;
