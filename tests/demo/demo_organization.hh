// The organization of the demo: a few pipelines with builds in the states that people meet in a working day.
#pragma once

#include "support/peers.hh"

namespace connector::demo {

/// Fills the peers: pipelines and builds in Buildkite, created up to two days before the organization's time,
/// and the repositories in Bitbucket. One pipeline is hosted on github.com and none of our business.
void populate(support::Peers& peers, const support::HttpPeers& http);

/// So many passed builds more, each on a commit of its own, of 100 pipelines and of the last day.
void add_busy_day(support::Peers& peers, const support::HttpPeers& http, unsigned builds);

/// Some minutes of work: what ran ends, what was scheduled starts (a build on HEAD learns its commit), a new
/// build of web-frontend comes and starts.
void let_builds_finish(support::Organization& organization);

}  // namespace connector::demo
