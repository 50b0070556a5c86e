//! The design system: what every page is made of. A component takes signals and callbacks and owns neither words nor
//! fetching; its looks stand in `style/components/<name>.css`. Ids come from the caller, so that labels, errors, links of
//! the error summary and tests agree on them: a field `phone` has `phone-hint`, `phone-notice` and `phone-error`.

pub mod block;
pub mod button;
pub mod change_list;
pub mod checkbox;
pub mod combobox;
pub mod countdown;
pub mod dialog;
mod display_settings;
pub mod error_summary;
pub mod facts;
mod field;
mod focus;
pub mod footer;
pub mod header;
pub mod language_switch;
pub mod live;
pub mod notice;
pub mod page;
pub mod password_field;
pub mod progress;
pub mod qr_card;
pub mod radio_cards;
pub mod select;
pub mod steps;
pub mod table;
pub mod tabs;
pub mod text_field;

pub use block::{Block, Columns, Panel};
pub use button::{Button, ButtonKind, ButtonLink};
pub use change_list::{Change, ChangeList};
pub use checkbox::Checkbox;
pub use combobox::{Combobox, ComboboxProps};
pub use countdown::Countdown;
pub use dialog::Dialog;
pub use display_settings::{DisplaySettings, DisplayTexts};
pub use error_summary::{ErrorSummary, Problem};
pub use facts::{Fact, Facts, SummaryList, SummaryRow};
pub use focus::{focus_field, focus_id};
pub use footer::{Footer, FooterTexts};
pub use header::{Header, NavLink};
pub use language_switch::LanguageSwitch;
pub use live::{LiveRegion, announce, provide_live, toast};
pub use notice::{Banner, Letters, Notice, NoticeKind, RepairNotice};
pub use page::{Page, SkipLink};
pub use password_field::PasswordField;
pub use progress::{Progress, Skeleton};
pub use qr_card::{QrCard, QrMatrix};
pub use radio_cards::{Choice, RadioCards};
pub use select::Select;
pub use steps::{Instructions, Steps};
pub use table::{Cell, Table, file_link};
pub use tabs::{Tab, TabPanel, Tabs};
pub use text_field::{FieldKind, TextField, TextFieldProps};
