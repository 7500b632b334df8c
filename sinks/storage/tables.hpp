// The tables that records are written to, as upserts. Their SQL definitions are in sqlite_schema.cpp and
// postgres_schema.cpp.
#pragma once

#include "sinks/storage/item_store.hpp"

namespace feedwatch::storage {

extern const upsert items_table;       // of `items` records: the highest revision of each item
extern const upsert duplicates_table;  // of `duplicates` records: each item and story once
extern const upsert matches_table;     // of `flagged` records: each item and topic once

// Table `feeds` is filled from two topics that arrive in any order; each writes its own columns.
extern const upsert subscriptions;    // of `feeds` records
extern const upsert unsubscriptions;  // of their tombstones
extern const upsert feed_health;      // of `polls` records: the latest poll

}  // namespace feedwatch::storage
