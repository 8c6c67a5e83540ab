#include "support/organization.hh"

#include <algorithm>
#include <stdexcept>

#include "support/a_build.hh"

namespace connector::support {

namespace {

void set_state(Build& build, BuildState state) {
  build.state = state;
  build.state_word = word_of(state);
  build.blocked = false;
}

std::string web_url(const std::string& organization, const Build& build) {
  return "https://buildkite.com/" + organization + '/' + build.pipeline.slug + "/builds/" +
         std::to_string(build.number);
}

}  // namespace

Organization::Organization(std::string slug, Timestamp now, OrganizationHabits habits)
    : slug_(std::move(slug)), now_(now), habits_(habits) {}

void Organization::add_pipeline(Pipeline pipeline) {
  for (auto& [id, model] : builds_) {
    if (id.first == pipeline.slug) model.build.pipeline = pipeline;
  }
  std::string slug = pipeline.slug;
  pipelines_[std::move(slug)] = std::move(pipeline);
}

ModelBuild& Organization::insert(Build build) {
  const std::string slug = build.pipeline.slug;
  std::uint64_t& last = last_number_[slug];
  if (build.number == 0) build.number = last + 1;
  last = std::max(last, build.number);
  ModelBuild model;
  model.sequence = ++arrivals_;
  model.scheduled_at = build.created_at;
  model.listed_from = build.created_at;
  model.build = std::move(build);
  const auto [position, inserted] = builds_.try_emplace({slug, model.build.number}, std::move(model));
  if (!inserted)
    throw std::logic_error("the model already has build " + std::to_string(position->first.second));
  return position->second;
}

std::uint64_t Organization::add(Build build) {
  build.pipeline = pipelines_.try_emplace(build.pipeline.slug, build.pipeline).first->second;
  ModelBuild& model = insert(std::move(build));
  if (model.build.id.empty()) model.build.id = uuid_named(web_url(slug_, model.build));
  if (model.build.web_url.empty()) model.build.web_url = web_url(slug_, model.build);
  return model.build.number;
}

std::uint64_t Organization::create(const std::string& pipeline, const std::string& commit,
                                   const std::string& branch, const std::string& message) {
  Build build;
  build.pipeline = this->pipeline(pipeline);
  build.commit = commit;
  build.branch = branch;
  build.message = message;
  build.source = "webhook";
  build.created_at = now_;
  set_state(build, BuildState::scheduled);
  const std::uint64_t number = add(std::move(build));
  get(pipeline, number).listed_from = now_ + habits_.listing_lag;
  return number;
}

std::uint64_t Organization::rebuild(const std::string& pipeline, std::uint64_t number) {
  const Build original = build(pipeline, number).build;
  const std::uint64_t repeated = create(pipeline, original.commit, original.branch, original.message);
  ModelBuild& model = get(pipeline, repeated);
  model.rebuilt_from = original.id;
  model.build.source = "ui";
  model.build.tag = original.tag;
  model.build.pull_request = original.pull_request;
  return repeated;
}

void Organization::start(const std::string& pipeline, std::uint64_t number) {
  ModelBuild& model = get(pipeline, number);
  set_state(model.build, BuildState::running);
  model.build.started_at = now_;
}

void Organization::begin_failing(const std::string& pipeline, std::uint64_t number) {
  ModelBuild& model = get(pipeline, number);
  set_state(model.build, BuildState::failing);
  if (!model.failing_at) model.failing_at = now_;  // never cleared, not even by a retry
}

ModelBuild& Organization::end(const std::string& pipeline, std::uint64_t number, BuildState state) {
  ModelBuild& model = get(pipeline, number);
  set_state(model.build, state);
  if (!model.build.finished_at || habits_.finishing_again_renews_finished_at) model.build.finished_at = now_;
  return model;
}

void Organization::set_jobs(const std::string& pipeline, std::uint64_t number, std::vector<Job> jobs) {
  get(pipeline, number).build.jobs = std::move(jobs);
}

void Organization::pass(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::passed);
}

void Organization::fail(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::failed);
}

void Organization::begin_canceling(const std::string& pipeline, std::uint64_t number) {
  set_state(get(pipeline, number).build, BuildState::canceling);
}

void Organization::cancel(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::canceled);
}

void Organization::skip(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::skipped);
}

void Organization::end_without_running(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::not_run);
}

void Organization::block(const std::string& pipeline, std::uint64_t number) {
  end(pipeline, number, BuildState::passed).build.blocked = true;
}

ModelBuild& Organization::reopen(const std::string& pipeline, std::uint64_t number) {
  ModelBuild& model = get(pipeline, number);
  set_state(model.build, BuildState::running);
  if (habits_.reopening_clears_finished_at) model.build.finished_at.reset();
  return model;
}

void Organization::unblock(const std::string& pipeline, std::uint64_t number) {
  reopen(pipeline, number);
}

void Organization::retry(const std::string& pipeline, std::uint64_t number) {
  reopen(pipeline, number);
}

void Organization::resolve_commit(const std::string& pipeline, std::uint64_t number,
                                  const std::string& commit) {
  get(pipeline, number).build.commit = commit;
}

void Organization::remove(const std::string& pipeline, std::uint64_t number) {
  if (builds_.erase({pipeline, number}) == 0) throw std::logic_error("the model has no such build to remove");
}

void Organization::rename_pipeline(const std::string& from, const std::string& to) {
  Pipeline renamed = pipeline(from);
  renamed.slug = to;
  pipelines_.erase(from);
  last_number_[to] = last_number_[from];
  if (hidden_.erase(from) > 0) hidden_.insert(to);
  for (auto it = builds_.lower_bound({from, 0}); it != builds_.end() && it->first.first == from;) {
    auto node = builds_.extract(it++);
    node.key().first = to;
    node.mapped().build.pipeline = renamed;
    node.mapped().build.web_url = web_url(slug_, node.mapped().build);
    builds_.insert(std::move(node));
  }
  pipelines_[to] = std::move(renamed);
}

void Organization::remove_pipeline(const std::string& pipeline) {
  if (pipelines_.erase(pipeline) == 0) throw std::logic_error("the model has no pipeline " + pipeline);
  std::erase_if(builds_, [&](const auto& entry) { return entry.first.first == pipeline; });
}

const Pipeline& Organization::pipeline(const std::string& slug) const {
  const auto found = pipelines_.find(slug);
  if (found == pipelines_.end()) throw std::logic_error("the model has no pipeline " + slug);
  return found->second;
}

const ModelBuild* Organization::find(const std::string& pipeline, std::uint64_t number) const {
  const auto found = builds_.find({pipeline, number});
  return found == builds_.end() ? nullptr : &found->second;
}

const ModelBuild& Organization::build(const std::string& pipeline, std::uint64_t number) const {
  const ModelBuild* found = find(pipeline, number);
  if (found == nullptr)
    throw std::logic_error("the model has no build " + pipeline + " #" + std::to_string(number));
  return *found;
}

ModelBuild& Organization::get(const std::string& pipeline, std::uint64_t number) {
  const auto found = builds_.find({pipeline, number});
  if (found == builds_.end()) {
    throw std::logic_error("the model has no build " + pipeline + " #" + std::to_string(number));
  }
  return found->second;
}

std::vector<const ModelBuild*> Organization::builds() const {
  std::vector<const ModelBuild*> all;
  all.reserve(builds_.size());
  for (const auto& [id, model] : builds_) all.push_back(&model);
  return all;
}

std::vector<const ModelBuild*> Organization::listed() const {
  std::vector<const ModelBuild*> shown = builds();
  std::erase_if(shown, [&](const ModelBuild* model) {
    return model->listed_from > now_ || hidden_.contains(model->build.pipeline.slug);
  });
  std::sort(shown.begin(), shown.end(), [](const ModelBuild* a, const ModelBuild* b) {
    return std::pair(a->build.created_at, a->sequence) > std::pair(b->build.created_at, b->sequence);
  });
  return shown;
}

}  // namespace connector::support
