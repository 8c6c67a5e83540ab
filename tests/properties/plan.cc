#include "properties/plan.hh"

#include <array>
#include <cstdio>

namespace connector::properties {
namespace {

const char* word_of(What what) {
  constexpr std::array words = {"the connector runs",
                                "the state file of an earlier save is put back",
                                "the pipelines are divided among one connector more",
                                "trouble",
                                "pushed to Bitbucket",
                                "created",
                                "created by rebuilding",
                                "has its commit resolved to",
                                "starts",
                                "begins to fail",
                                "passes",
                                "fails",
                                "begins to be canceled",
                                "is canceled",
                                "is skipped",
                                "ends as not_run",
                                "is blocked",
                                "is unblocked",
                                "is retried",
                                "is deleted",
                                "the pipeline is deleted",
                                "the pipeline is hidden",
                                "the pipeline is shown again",
                                "the repository moves to another project"};
  return words.at(static_cast<std::size_t>(what));
}

const char* word_of(Trouble trouble) {
  constexpr std::array words = {"none",
                                "answers 500",
                                "answers 503 with Retry-After",
                                "answers 429",
                                "answers a web page",
                                "acts, the body is cut",
                                "acts, the answer is lost",
                                "never gets the request",
                                "answers late",
                                "gets a POST late, unanswered",
                                "answers that a right is missing",
                                "refuses the login",
                                "answers as of the pass before",
                                "is not reached: the connector crashes",
                                "acts, then the connector crashes",
                                "the connector crashes before a save",
                                "the connector crashes after a save"};
  return words.at(static_cast<std::size_t>(trouble));
}

std::string trouble_text(const Event& event) {
  const bool of_saves = event.trouble >= Trouble::crash_before_save;
  const std::string who = of_saves             ? "next save: "
                          : event.on_bitbucket ? "next for Bitbucket: it "
                                               : "next for Buildkite: it ";
  return who + word_of(event.trouble) + (event.span.count() > 0 ? " (" + text_of(event.span) + ")" : "");
}

}  // namespace

std::string text_of(std::chrono::milliseconds since_start) {
  using namespace std::chrono;
  const hh_mm_ss time(since_start % days{1});
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%dd %02d:%02d:%02d.%03d", static_cast<int>(since_start / days{1}),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()), static_cast<int>(time.subseconds().count()));
  return text.data();
}

std::string text_of(const Event& event) {
  if (event.what == What::connector_pass || event.what == What::add_shard) return word_of(event.what);
  if (event.what == What::restore_state)
    return std::string(word_of(event.what)) + " (" + text_of(event.span) + " old or older)";
  if (event.what == What::trouble) return trouble_text(event);
  if (event.what == What::commit_pushed)
    return event.pipeline + ": " + event.commit + ' ' + word_of(event.what);
  if (event.what == What::remove_pipeline || event.what == What::hide_pipeline ||
      event.what == What::show_pipeline || event.what == What::move_repository) {
    return event.pipeline + ": " + word_of(event.what);
  }
  std::string text = event.pipeline + " build <" + std::to_string(event.build) + "> " + word_of(event.what);
  if (event.original > 0) text += " <" + std::to_string(event.original) + '>';
  if (!event.commit.empty()) text += (event.what == What::create ? " for " : " ") + event.commit;
  if (event.span.count() > 0) text += ", listed after " + text_of(event.span);
  return text;
}

std::string text_of(const PlanSettings& settings) {
  using std::chrono::duration_cast;
  std::string text = "per_page " + std::to_string(settings.per_page) + ", quota " +
                     std::to_string(settings.quota) + ", overlap " + text_of(settings.overlap);
  if (!settings.reopening_clears_finished_at) text += ", finished_at stays when a build is reopened";
  if (!settings.finishing_again_renews_finished_at) text += ", finished_at is not renewed";
  if (settings.bitbucket_is_slow) text += ", Bitbucket limits the rate";
  if (settings.refuses_unknown_commits) text += ", Bitbucket refuses commits it does not have";
  if (settings.unknown_host) text += ", clone URLs on an unknown host";
  if (settings.shards > 1) text += ", " + std::to_string(settings.shards) + " shards";
  if (settings.thorough) text += ", all clean passes";
  return text;
}

}  // namespace connector::properties
