//! One shape for all records: every field has a default and is left out of the file where it has it.

/// A record. Fields that have their default are not written, and what a file does not have gets its default.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$field_meta:meta])* pub $field:ident: $type:ty,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, Default, PartialEq, serde::Serialize, serde::Deserialize)]
        #[allow(clippy::struct_field_names, reason = "fields are named as the API names them")]
        #[serde(default)]
        pub struct $name {
            $($(#[$field_meta])*
            #[serde(skip_serializing_if = "crate::record::is_default")]
            pub $field: $type,)+
        }
    };
}

pub(crate) use record;

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
