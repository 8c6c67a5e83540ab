#include "support/build_json.hh"

#include <optional>
#include <string_view>

#include "support/a_build.hh"
#include "support/fake_message.hh"

namespace connector::support {

namespace {

std::string time_text(Timestamp time, TimeFormat format) {
  if (format == TimeFormat::rfc3339) return format_timestamp(time);
  std::string text = format_seconds(time);
  text[10] = ' ';
  text.pop_back();
  return text + " UTC";
}

void write_time(JsonWriter& out, std::string_view key, std::optional<Timestamp> time, TimeFormat format) {
  out.key(key);
  if (time) {
    out.value(time_text(*time, format));
  } else {
    out.null();
  }
}

void write_text_or_null(JsonWriter& out, std::string_view key, std::string_view text) {
  out.key(key);
  if (text.empty()) {
    out.null();
  } else {
    out.value(text);
  }
}

std::string graphql_id(std::string_view kind, const std::string& id) {
  return base64(std::string(kind) + "---" + id);
}

void write_creator(JsonWriter& out, const BuildJsonOptions& options) {
  const std::string id = uuid_named("user grace");
  out.key("creator").begin_object();
  out.key("id").value(id);
  out.key("graphql_id").value(graphql_id("User", id));
  out.key("name").value("Grace Example");
  out.key("email").value("grace@example.com");
  out.key("avatar_url").value("https://www.gravatar.com/avatar/00000000000000000000000000000000");
  out.key("created_at").value(time_text(noon - std::chrono::days{400}, options.times));
  out.end_object();
}

// The provider is what Buildkite calls the host of the repository; statuses published by Buildkite itself
// hang on it.
void write_provider(JsonWriter& out, const Pipeline& pipeline) {
  const bool github = pipeline.repository.find("github.com") != std::string::npos;
  out.key("provider").begin_object();
  out.key("id").value(github ? "github" : "bitbucket_server");
  out.key("webhook_url")
      .value("https://webhook.buildkite.com/deliver/" + uuid_named("hook " + pipeline.slug));
  out.key("settings").begin_object();
  out.key("repository").value("acme/" + pipeline.slug);
  out.key("build_pull_requests").value(true);
  out.key("build_branches").value(true);
  out.key("build_tags").value(false);
  out.key("publish_commit_status").value(github);
  out.key("publish_blocked_as_pending").value(false);
  out.end_object().end_object();
}

void write_pipeline(JsonWriter& out, const Pipeline& pipeline, const std::string& organization,
                    const BuildJsonOptions& options) {
  const std::string url =
      options.api_url + "/v2/organizations/" + organization + "/pipelines/" + pipeline.slug;
  out.key("pipeline").begin_object();
  out.key("id").value(pipeline.id);
  out.key("graphql_id").value(graphql_id("Pipeline", pipeline.id));
  out.key("url").value(url);
  out.key("web_url").value("https://buildkite.com/" + organization + '/' + pipeline.slug);
  out.key("name").value(pipeline.name);
  out.key("slug").value(pipeline.slug);
  out.key("description").null();
  out.key("repository").value(pipeline.repository);
  out.key("cluster_id").null();
  out.key("branch_configuration").null();
  out.key("default_branch").value("main");
  write_provider(out, pipeline);
  out.key("skip_queued_branch_builds").value(false);
  out.key("skip_queued_branch_builds_filter").null();
  out.key("cancel_running_branch_builds").value(false);
  out.key("cancel_running_branch_builds_filter").null();
  out.key("builds_url").value(url + "/builds");
  out.key("badge_url").value("https://badge.buildkite.com/" + uuid_named("badge " + pipeline.slug) + ".svg");
  out.key("created_at").value(time_text(noon - std::chrono::days{300}, options.times));
  for (const char* count : {"scheduled_builds_count", "running_builds_count", "scheduled_jobs_count",
                            "running_jobs_count", "waiting_jobs_count"}) {
    out.key(count).value(0);
  }
  out.key("visibility").value("private");
  out.end_object();
}

/// The job of a build whose jobs no test has set.
Job job_of(const Build& build) {
  Job job;
  job.type = "script";
  job.name = ":test_tube: Tests";
  job.command = "make test";
  job.step_key = "tests";
  job.state = build.state == BuildState::failing ? "failed" : build.state_word;
  job.web_url = build.web_url + '#' + uuid_named("job " + build.id);
  job.started_at = build.started_at;
  job.finished_at = build.finished_at;
  return job;
}

void write_job(JsonWriter& out, const Build& build, const Job& job, const BuildJsonOptions& options) {
  const std::string id = uuid_named("job " + build.id + job.web_url);
  out.begin_object();
  out.key("id").value(id);
  out.key("graphql_id").value(graphql_id("Job", id));
  out.key("type").value(job.type);
  write_text_or_null(out, "name", job.name);
  write_text_or_null(out, "step_key", job.step_key);
  out.key("agent_query_rules").begin_array().value("queue=default").end_array();
  out.key("state").value(job.state);
  write_text_or_null(out, "web_url", job.web_url);
  out.key("log_url").value(options.api_url + "/v2/jobs/" + id + "/log");
  write_text_or_null(out, "command", job.command);
  out.key("soft_failed").value(job.soft_failed);
  out.key("exit_status");
  if (job.finished_at) {
    out.value(job.state == "failed" ? 1 : 0);
  } else {
    out.null();
  }
  out.key("artifact_paths").null();
  out.key("agent").null();
  write_time(out, "created_at", build.created_at, options.times);
  write_time(out, "scheduled_at", build.created_at, options.times);
  write_time(out, "started_at", job.started_at, options.times);
  write_time(out, "finished_at", job.finished_at, options.times);
  out.key("retried").value(job.retried);
  out.key("retried_in_job_id").null();
  out.key("retries_count").null();
  out.key("parallel_group_index").null();
  out.key("parallel_group_total").null();
  out.end_object();
}

void write_jobs(JsonWriter& out, const Build& build, const BuildJsonOptions& options) {
  out.key("jobs").begin_array();
  for (const Job& job : build.jobs.value_or(std::vector<Job>{job_of(build)}))
    write_job(out, build, job, options);
  out.begin_object();
  out.key("id").value(uuid_named("waiter " + build.id));
  out.key("type").value("waiter");
  out.key("name").null();
  out.key("step_key").null();
  out.key("state").value(build.finished_at ? "finished" : "waiting");
  out.end_object().end_array();
}

void write_pull_request(JsonWriter& out, const Build& build) {
  out.key("pull_request");
  if (build.pull_request.empty()) {
    out.null();
    return;
  }
  out.begin_object();
  out.key("id").value(build.pull_request);
  out.key("base").value("main");
  out.key("repository").value(build.pipeline.repository);
  out.end_object();
}

void write_times(JsonWriter& out, const ModelBuild& model, TimeFormat format) {
  write_time(out, "created_at", model.build.created_at, format);
  write_time(out, "scheduled_at", model.scheduled_at, format);
  write_time(out, "started_at", model.build.started_at, format);
  write_time(out, "failing_at", model.failing_at, format);
  write_time(out, "finished_at", model.build.finished_at, format);
}

void write_brief_pipeline(JsonWriter& out, const Pipeline& pipeline) {
  out.key("pipeline").begin_object();
  out.key("id").value(pipeline.id);
  out.key("name").value(pipeline.name);
  out.key("slug").value(pipeline.slug);
  out.key("repository").value(pipeline.repository);
  out.end_object();
}

void write_brief_build(JsonWriter& out, const ModelBuild& model, const BuildJsonOptions& options) {
  const Build& build = model.build;
  out.begin_object();
  out.key("id").value(build.id);
  out.key("web_url").value(build.web_url);
  out.key("number").value(build.number);
  out.key("state").value(build.state_word);
  out.key("blocked").value(build.blocked);
  write_text_or_null(out, "message", build.message);
  out.key("commit").value(build.commit);
  out.key("branch").value(build.branch);
  write_text_or_null(out, "tag", build.tag);
  out.key("source").value(build.source);
  write_time(out, "created_at", build.created_at, options.times);
  write_time(out, "started_at", build.started_at, options.times);
  write_time(out, "finished_at", build.finished_at, options.times);
  write_pull_request(out, build);
  if (options.pipeline) write_brief_pipeline(out, build.pipeline);
  out.end_object();
}

}  // namespace

void write_build(JsonWriter& out, const ModelBuild& model, const std::string& organization,
                 const BuildJsonOptions& options) {
  if (options.brief) return write_brief_build(out, model, options);
  const Build& build = model.build;
  const std::string url = options.api_url + "/v2/organizations/" + organization + "/pipelines/" +
                          build.pipeline.slug + "/builds/" + std::to_string(build.number);
  out.begin_object();
  out.key("id").value(build.id);
  out.key("graphql_id").value(graphql_id("Build", build.id));
  out.key("url").value(url);
  out.key("web_url").value(build.web_url);
  out.key("number").value(build.number);
  out.key("state").value(build.state_word);
  out.key("cancel_reason").null();
  out.key("blocked").value(build.blocked);
  write_text_or_null(out, "message", build.message);
  out.key("commit").value(build.commit);
  out.key("branch").value(build.branch);
  write_text_or_null(out, "tag", build.tag);
  out.key("env").begin_object().end_object();
  out.key("source").value(build.source);
  out.key("author").null();
  write_creator(out, options);
  if (options.jobs) write_jobs(out, build, options);
  write_times(out, model, options.times);
  out.key("meta_data").begin_object().end_object();
  write_pull_request(out, build);
  out.key("rebuilt_from");
  if (model.rebuilt_from.empty()) {
    out.null();
  } else {
    out.begin_object().key("id").value(model.rebuilt_from).end_object();
  }
  if (options.pipeline) write_pipeline(out, build.pipeline, organization, options);
  out.end_object();
}

}  // namespace connector::support
