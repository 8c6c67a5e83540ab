// What the holder of the lock wrote into it, perhaps another version, perhaps only half.
#include "fuzz/rules.hh"
#include "fuzz/target.hh"
#include "state/identity.hh"
#include "state/lock_record.hh"

namespace connector::fuzz {
namespace {

const Target lock_records("lock_records", [](std::string_view input) {
  const auto record = state::decode_lock_record(input);
  if (!record) return;
  expect_line(state::in_words(record->identity), "an identity in words");
  expect(state::decode_lock_record(state::encode(*record)) == record,
         "a record can be written and read again", state::encode(*record));
});

}  // namespace
}  // namespace connector::fuzz
