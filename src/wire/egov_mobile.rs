//! JSON of eGov Mobile's QR signing («QR подписание», edition 5): field names, cases and dates to the letter.
