#include "core/build/step.hh"

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "core/text/text.hh"

namespace connector {
namespace {

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// What a job's state means for its step, in the words of builds.
BuildState state_of(const Job& job) {
  if (job.state == "passed" || (job.soft_failed && job.finished_at)) return BuildState::passed;
  if (is_one_of(job.state, {"failed", "timed_out", "expired"})) return BuildState::failed;
  if (job.state == "canceled") return BuildState::canceled;
  if (is_one_of(job.state, {"skipped", "broken", "waiting_failed", "blocked_failed", "unblocked_failed"}))
    return BuildState::not_run;
  if (is_one_of(job.state, {"running", "canceling", "timing_out"})) return BuildState::running;
  // Words for waiting are many, and more may come; what has not ended is still to come.
  return job.finished_at ? BuildState::other : BuildState::scheduled;
}

/// Of ":test_tube:" at the beginning of the text; 0 for none.
std::size_t length_of_emoji_code(std::string_view text) {
  if (!text.starts_with(':')) return 0;
  const auto end =
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+", 1);
  return end != std::string_view::npos && text[end] == ':' && end > 1 ? end + 1 : 0;
}

bool does_work(const Job& job) {
  return (job.type == "script" || job.type == "trigger") && !job.retried;
}

std::string label_of(const Job& job) {
  std::string label = without_emoji_codes(first_line(job.name));
  if (label.empty()) label = first_line(job.command);
  return label.empty() ? first_line(job.step_key) : label;
}

/// The jobs of a step that are left, folded into one state.
BuildState folded(const std::vector<BuildState>& states) {
  const auto any = [&](BuildState wanted) {
    return std::find(states.begin(), states.end(), wanted) != states.end();
  };
  const bool is_open = any(BuildState::running) || any(BuildState::scheduled);
  if (any(BuildState::failed)) return is_open ? BuildState::failing : BuildState::failed;
  if (any(BuildState::running)) return BuildState::running;
  if (is_open) return any(BuildState::passed) ? BuildState::running : BuildState::scheduled;
  for (const BuildState state : {BuildState::other, BuildState::canceled, BuildState::passed}) {
    if (any(state)) return state;
  }
  return BuildState::not_run;
}

/// Which of two jobs a reviewer is to be led to first.
int urgency(BuildState state) {
  if (state == BuildState::failed) return 0;
  if (state == BuildState::running) return 1;
  return 2;
}

Step step_of(const std::string& key, const std::vector<const Job*>& jobs) {
  Step step;
  step.key = key;
  step.label = label_of(*jobs.front());
  std::vector<BuildState> states;
  for (const Job* job : jobs) {
    states.push_back(state_of(*job));
    step.soft_failed = step.soft_failed || job->soft_failed;
    if (job->started_at)
      step.started_at = std::min(step.started_at.value_or(*job->started_at), *job->started_at);
    if (job->finished_at)
      step.finished_at = std::max(step.finished_at.value_or(*job->finished_at), *job->finished_at);
  }
  step.state = folded(states);
  step.soft_failed = step.soft_failed && step.state == BuildState::passed;
  if (is_open(step.state)) step.finished_at.reset();
  const auto first = std::min_element(states.begin(), states.end(), [](BuildState one, BuildState other) {
    return urgency(one) < urgency(other);
  });
  step.web_url = jobs.at(static_cast<std::size_t>(first - states.begin()))->web_url;
  return step;
}

}  // namespace

std::string without_emoji_codes(std::string_view label) {
  std::string out;
  while (!label.empty()) {
    const bool begins_word = out.empty() || out.back() == ' ';
    const std::size_t code = begins_word ? length_of_emoji_code(label) : 0;
    if (code == 0) out += label.front();
    label.remove_prefix(std::max<std::size_t>(code, 1));
  }
  const auto begin = out.find_first_not_of(' ');
  const auto end = out.find_last_not_of(' ');
  return begin == std::string::npos ? std::string() : out.substr(begin, end - begin + 1);
}

std::vector<Step> steps_of(const Build& build) {
  std::vector<std::pair<std::string, std::vector<const Job*>>> jobs;
  if (!build.jobs) return {};
  for (const Job& job : *build.jobs) {
    if (!does_work(job)) continue;
    const std::string key = job.step_key.empty() ? label_of(job) : job.step_key;
    if (key.empty()) continue;
    const auto known =
        std::find_if(jobs.begin(), jobs.end(), [&](const auto& row) { return row.first == key; });
    if (known == jobs.end()) {
      jobs.emplace_back(key, std::vector<const Job*>{&job});
    } else {
      known->second.push_back(&job);
    }
  }
  std::vector<Step> steps;
  steps.reserve(jobs.size());
  std::transform(jobs.begin(), jobs.end(), std::back_inserter(steps),
                 [](const auto& row) { return step_of(row.first, row.second); });
  return steps;
}

std::string failed_steps(const Build& build, std::size_t most) {
  std::string names;
  for (const Step& step : steps_of(build)) {
    if (step.state != BuildState::failed && step.state != BuildState::failing) continue;
    if (most-- == 0) return names + ", ...";
    names += (names.empty() ? "" : ", ") + step.label;
  }
  return names;
}

}  // namespace connector
