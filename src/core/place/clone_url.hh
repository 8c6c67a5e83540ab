// Clone URL of a pipeline -> Bitbucket project and repository.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/build/build_status.hh"

namespace connector {

/// A clone URL taken apart.
struct CloneUrl {
  std::string host;  ///< lower case, without port and user
  /// Path before /scm/ or /projects/, such as "/bitbucket"; empty for ssh, which has none.
  std::string context;
  Repository repository;
  bool over_http = false;  ///< with a context, be it empty
};

/// Reads the forms Bitbucket hands out (https with /scm/ and a context path, ssh with port, scp form, ~user)
/// and the web addresses people paste (/projects/P/repos/r, /users/u/repos/r). Keys come out in upper case,
/// "~user" as given, slugs in lower case without ".git". Nothing when no project and repository can be read
/// from it.
std::optional<CloneUrl> parse_clone_url(std::string_view url);

/// Whether two clone URLs mean one repository: host, project and repository agree, and, where both have one,
/// the context. Ports and users do not count.
bool same_place(const CloneUrl& a, const CloneUrl& b);

/// The name under which it is remembered whether repositories there are our server's: the host, with the
/// context of http forms ("git.acme.com/bitbucket"), since one host may serve more than one Bitbucket.
std::string place_of(const CloneUrl& url);

/// The host of a base URL or of any clone URL, lower case, without port; empty when there is none.
std::string host_of(std::string_view url);

}  // namespace connector
