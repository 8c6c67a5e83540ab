// Buildkite's REST API v2 over a model organization, as far as this project uses it: tokens, listings, single
// builds, quota. Strict where the documentation is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "support/build_listing.hh"
#include "support/fake_message.hh"
#include "support/organization.hh"
#include "support/quota_window.hh"

namespace connector::support {

struct BuildkiteSettings {
  std::string token = "bkua_0123456789abcdef0123456789abcdef01234567";
  std::vector<std::string> scopes = {"read_builds", "read_organizations", "read_pipelines"};
  std::chrono::milliseconds token_lasts = std::chrono::days{6};  ///< from now on
  std::int64_t user_limit = 50;                                  ///< requests a minute of the token's user
  std::int64_t organization_limit = 200;                         ///< requests a minute of everybody
  ListingOptions listing;
};

class FakeBuildkite {
 public:
  /// Shows `organization`, which must outlive it and whose clock it follows.
  explicit FakeBuildkite(Organization& organization, BuildkiteSettings settings = {});

  FakeAnswer handle(const FakeRequest& request);

  /// To be changed by tests between requests.
  [[nodiscard]] BuildkiteSettings& settings() noexcept { return settings_; }
  /// Requests that others in the organization make now.
  void spend_organization_quota(std::int64_t requests);

 private:
  FakeAnswer answer(const FakeRequest& request);
  FakeAnswer organization_answer() const;
  FakeAnswer pipeline_answer(const Target& target) const;
  FakeAnswer access_token() const;
  [[nodiscard]] bool has_scope(const std::string& scope) const;
  void add_common_headers(FakeAnswer& answer) const;

  Organization& organization_;
  BuildkiteSettings settings_;
  QuotaWindow user_;
  QuotaWindow everybody_;
};

}  // namespace connector::support
