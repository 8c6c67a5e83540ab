#include "demo/demo_organization.hh"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace connector::demo {

namespace {

using namespace std::chrono_literals;
using support::a_build;
using support::a_pipeline;
using support::commit_named;

Pipeline pipeline(std::string_view slug, std::string_view name, std::string repository) {
  Pipeline made = a_pipeline(slug);
  made.name = name;
  made.repository = std::move(repository);
  return made;
}

// Clone URLs in the forms that people paste into Buildkite.
void add_pipelines(support::Peers& peers, const support::HttpPeers& http) {
  peers.bitbucket.add_repository("SHOP", "web-frontend");
  peers.bitbucket.add_repository("PAY", "payments-api");
  peers.bitbucket.add_repository("SHOP", "mobile-app");
  peers.bitbucket.add_repository("OPS", "deploy");
  support::Organization& organization = peers.organization;
  organization.add_pipeline(pipeline("web-frontend", "Web frontend", http.clone_url("shop", "web-frontend")));
  organization.add_pipeline(
      pipeline("payments-api", "Payments API", "ssh://git@127.0.0.1:7999/pay/payments-api.git"));
  organization.add_pipeline(pipeline("mobile-app", "Mobile app", "git@127.0.0.1:shop/mobile-app.git"));
  organization.add_pipeline(pipeline("deploy", "Deploy", http.clone_url("ops", "deploy")));
  organization.add_pipeline(pipeline("handbook", "Handbook", "https://github.com/acme-inc/handbook.git"));
}

}  // namespace

void populate(support::Peers& peers, const support::HttpPeers& http) {
  add_pipelines(peers, http);
  support::Organization& organization = peers.organization;
  const Timestamp now = organization.now();
  const auto add = [&](support::ABuild build, std::chrono::minutes age) {
    organization.add(build.created(now - age));
  };
  const std::string checkout = commit_named("checkout button");

  add(a_build().of("payments-api").number(98).message("Round amounts half to even"), 48h);
  add(a_build().of("handbook").number(12).message("How we review"), 5h);
  add(a_build().of("web-frontend").number(211).message("Upgrade the bundler"), 3h);
  add(a_build().of("mobile-app").number(57).failed().message("Ask for notifications later"), 150min);
  add(a_build().of("web-frontend").number(212).commit(checkout).failed().message("Move the checkout button"),
      100min);
  add(a_build().of("payments-api").number(99).canceled().on("retry-queue").message("Retry queue: first try"),
      90min);
  add(a_build().of("web-frontend").number(213).commit(checkout).message("Move the checkout button"), 80min);
  add(a_build().of("deploy").number(31).blocked().message("Release 2026.1"), 45min);
  add(a_build().of("mobile-app").number(58).skipped().on("offline").message("Offline mode, part 1"), 30min);
  add(a_build().of("payments-api").number(100).failing().on("retry-queue").message("Retry queue: back off"),
      6min);
  add(a_build()
          .of("web-frontend")
          .number(214)
          .running()
          .on("dark-mode")
          .for_pull_request("87")
          .message("Dark mode 🌙"),
      4min);
  add(a_build().of("mobile-app").number(59).scheduled().on("offline").message("Offline mode, part 2"), 2min);
  add(a_build().of("deploy").number(32).scheduled().commit("HEAD").message("Nightly check of staging"), 1min);
}

void add_busy_day(support::Peers& peers, const support::HttpPeers& http, unsigned builds) {
  constexpr unsigned pipelines = 100;
  const Timestamp now = peers.organization.now();
  for (unsigned i = 0; i < builds; ++i) {
    const std::string slug = "service-" + std::to_string(i % pipelines);
    peers.bitbucket.add_repository("SVC", slug);
    const std::string number = std::to_string(i / pipelines + 1);
    peers.organization.add(a_build()
                               .of(pipeline(slug, "Service " + number, http.clone_url("svc", slug)))
                               .number(i / pipelines + 1)
                               .commit(commit_named(slug + number))
                               .created(now - 24h * (i + 1) / builds));
  }
}

void let_builds_finish(support::Organization& organization) {
  std::vector<Build> builds;
  for (const support::ModelBuild* model : organization.builds()) builds.push_back(model->build);
  for (const Build& build : builds) {
    const std::string& slug = build.pipeline.slug;
    if (build.state == BuildState::running) organization.pass(slug, build.number);
    if (build.state == BuildState::failing) organization.fail(slug, build.number);
    if (build.state == BuildState::scheduled) organization.start(slug, build.number);
    if (build.commit == "HEAD") organization.resolve_commit(slug, build.number, commit_named("staging"));
  }
  const std::uint64_t number =
      organization.create("web-frontend", commit_named("footer"), "footer", "Year in the footer");
  organization.start("web-frontend", number);
}

}  // namespace connector::demo
