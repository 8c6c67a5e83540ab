#include "state/identity.hh"

#include "core/text/text.hh"

namespace connector::state {

void write_identity(JsonWriter& json, const Identity& identity) {
  json.key("organization").value(identity.organization);
  json.key("buildkite_url").value(identity.buildkite_url);
  json.key("bitbucket_url").value(identity.bitbucket_url);
  if (identity.shard != Shard{}) json.key("shard").value(text_of(identity.shard));
}

std::string in_words(const Identity& identity) {
  const std::string shard = identity.shard == Shard{} ? "" : "shard " + text_of(identity.shard) + " of ";
  return shard + "organization '" + printable(identity.organization) + "' at " +
         printable(identity.buildkite_url) + " with Bitbucket at " + printable(identity.bitbucket_url);
}

}  // namespace connector::state
