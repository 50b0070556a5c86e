//! Leptos's signals behind types of the same names and methods. Theirs are compiled anew for every type of value; ours all
//! hold one, so that a page weighs what it does and not how many types it has (ARCHITECTURE.md, «Weight»).

use leptos::prelude as reactive;
use leptos::prelude::{Get as _, GetUntracked as _, GetValue as _, Set as _, Track as _, UpdateValue as _};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

/// A value of any type, and how two of them are compared.
#[derive(Clone)]
struct Shared {
    value: Arc<dyn Any + Send + Sync>,
    same: fn(&Self, &Self) -> bool,
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        (self.same)(self, other)
    }
}

/// What a signal can hold.
pub trait Value: Send + Sync + 'static {}
impl<T: Send + Sync + 'static> Value for T {}

impl Shared {
    fn new<T: Value>(value: T) -> Self {
        Self {
            value: Arc::new(value),
            same: |_, _| false,
        }
    }

    fn comparable<T: Value + PartialEq>(value: T) -> Self {
        Self {
            value: Arc::new(value),
            same: |one, other| one.of::<T>() == other.of::<T>(),
        }
    }

    fn of<T: Value>(&self) -> &T {
        match self.value.downcast_ref() {
            Some(value) => value,
            // The typed handle that holds this one wrote it.
            None => unreachable!("a signal of another type"),
        }
    }
}

/// The handle and what is behind it: as small and as copyable as Leptos's own.
macro_rules! handle {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        pub struct $name<T> {
            inner: reactive::$name<Shared>,
            holds: PhantomData<fn() -> T>,
        }

        impl<T> Clone for $name<T> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<T> Copy for $name<T> {}

        impl<T> fmt::Debug for $name<T> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(stringify!($name))
            }
        }

        impl<T> $name<T> {
            const fn over(inner: reactive::$name<Shared>) -> Self {
                Self {
                    inner,
                    holds: PhantomData,
                }
            }
        }
    };
}

/// Reading, with and without being told of changes.
macro_rules! readable {
    ($name:ident) => {
        impl<T: Value> $name<T> {
            pub fn with<R>(&self, f: impl FnOnce(&T) -> R) -> R {
                f(self.inner.get().of())
            }

            pub fn with_untracked<R>(&self, f: impl FnOnce(&T) -> R) -> R {
                f(self.inner.get_untracked().of())
            }

            /// `None` when the page it belonged to is gone.
            pub fn try_with_untracked<R>(&self, f: impl FnOnce(&T) -> R) -> Option<R> {
                self.inner.try_get_untracked().map(|shared| f(shared.of()))
            }

            pub fn track(&self) {
                self.inner.track();
            }
        }

        impl<T: Value + Clone> $name<T> {
            #[must_use]
            pub fn get(&self) -> T {
                self.with(T::clone)
            }

            #[must_use]
            pub fn get_untracked(&self) -> T {
                self.with_untracked(T::clone)
            }
        }
    };
}

handle! {
    /// A value that can be set; what reads it is told.
    RwSignal
}
readable!(RwSignal);

impl<T: Value> RwSignal<T> {
    pub fn new(value: T) -> Self {
        Self::over(reactive::RwSignal::new(Shared::new(value)))
    }

    pub fn set(&self, value: T) {
        self.inner.set(Shared::new(value));
    }

    /// `Some` when the page it belonged to is gone.
    pub fn try_set(&self, value: T) -> Option<()> {
        self.inner.try_set(Shared::new(value)).map(|_| ())
    }
}

impl<T: Value + Clone> RwSignal<T> {
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

impl<T: Value + Default> Default for RwSignal<T> {
    fn default() -> Self {
        Self::new(T::default())
    }
}

handle! {
    /// A value computed from others; what reads it is told only when it differs.
    Memo
}
readable!(Memo);

impl<T: Value + PartialEq> Memo<T> {
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        type Compute = Box<dyn Fn(Option<&Shared>) -> Shared + Send + Sync>;
        fn made(compute: Compute) -> reactive::Memo<Shared> {
            reactive::Memo::new(compute)
        }
        Self::over(made(Box::new(move |before| {
            Shared::comparable(compute(before.map(Shared::of)))
        })))
    }
}

handle! {
    /// A value to read, wherever it comes from.
    Signal
}
readable!(Signal);

impl<T: Value> Signal<T> {
    pub fn derive(compute: impl Fn() -> T + Send + Sync + 'static) -> Self {
        fn made(compute: Box<dyn Fn() -> Shared + Send + Sync>) -> reactive::Signal<Shared> {
            reactive::Signal::derive(compute)
        }
        Self::over(made(Box::new(move || Shared::new(compute()))))
    }

    fn constant(value: Shared) -> Self {
        Self::over(reactive::Signal::stored(value))
    }
}

impl<T: Value + Default> Default for Signal<T> {
    fn default() -> Self {
        T::default().into()
    }
}

impl<T: Value> From<T> for Signal<T> {
    fn from(value: T) -> Self {
        Self::constant(Shared::new(value))
    }
}

impl From<&str> for Signal<String> {
    fn from(value: &str) -> Self {
        value.to_owned().into()
    }
}

impl<T> From<RwSignal<T>> for Signal<T> {
    fn from(signal: RwSignal<T>) -> Self {
        Self::over(signal.inner.into())
    }
}

impl<T> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::over(memo.inner.into())
    }
}

handle! {
    /// A value kept with its owner that nobody is told of.
    StoredValue
}

impl<T: Value> StoredValue<T> {
    pub fn new(value: T) -> Self {
        Self::over(reactive::StoredValue::new(Shared::new(value)))
    }

    pub fn with_value<R>(&self, f: impl FnOnce(&T) -> R) -> R {
        f(self.inner.get_value().of())
    }

    /// `None` when the page it belonged to is gone.
    pub fn try_with_value<R>(&self, f: impl FnOnce(&T) -> R) -> Option<R> {
        self.inner.try_get_value().map(|shared| f(shared.of()))
    }

    /// Nothing happens when the page it belonged to is gone.
    pub fn set_value(&self, value: T) {
        // What stood there is dropped after the store's lock: its end may touch another stored value.
        let _before = self
            .inner
            .try_update_value(|slot| std::mem::replace(slot, Shared::new(value)));
    }
}

impl<T: Value + Clone> StoredValue<T> {
    #[must_use]
    pub fn get_value(&self) -> T {
        self.with_value(T::clone)
    }

    /// `None` when the page it belonged to is gone.
    #[must_use]
    pub fn try_get_value(&self) -> Option<T> {
        self.try_with_value(T::clone)
    }

    pub fn update_value(&self, change: impl FnOnce(&mut T)) {
        self.try_update_value(change);
    }

    /// `None`, and nothing happens, when the page it belonged to is gone.
    pub fn try_update_value<R>(&self, change: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mut value = self.try_get_value()?;
        let answer = change(&mut value);
        self.set_value(value);
        Some(answer)
    }
}

/// Runs when the page stands, and whenever what it reads changes, until the owner is gone.
pub fn effect(run: impl Fn() + 'static) {
    fn started(run: Box<dyn Fn()>) {
        reactive::Effect::new(move |_: Option<()>| run());
    }
    started(Box::new(run));
}

/// Runs this to its end, beside everything else.
pub fn spawn(work: impl Future<Output = ()> + 'static) {
    fn started(work: std::pin::Pin<Box<dyn Future<Output = ()>>>) {
        leptos::task::spawn_local(work);
    }
    started(Box::pin(work));
}
