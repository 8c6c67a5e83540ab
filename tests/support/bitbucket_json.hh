// The JSON of a Bitbucket server's answers that are no errors.
#pragma once

#include <string>
#include <vector>

#include "core/build/build_status.hh"
#include "support/bitbucket_records.hh"
#include "support/fake_message.hh"

namespace connector::support {

/// RestBuildStatus.
FakeAnswer record_answer(const KeyedRecord& record);
/// A page object with the records from `start` on, at most `limit` (25 unless the query says otherwise).
FakeAnswer records_page(const std::vector<KeyedRecord>& records, const Target& target);
/// RestRepository, with the clone links that the base URLs lead to.
FakeAnswer repository_answer(const Repository& repository, const std::string& base_url,
                             const std::string& ssh_base_url);
/// A page of RestRequiredBuildCondition, from `start` on.
FakeAnswer conditions_page(const std::vector<std::vector<std::string>>& parents, const Target& target);
/// RestApplicationProperties.
FakeAnswer properties_answer(const std::string& version);
/// RestBuildCapabilities.
FakeAnswer capabilities_answer(bool cancelled_state);

}  // namespace connector::support
