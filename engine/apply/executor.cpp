#include "engine/apply/executor.h"

#include <fmt/core.h>
#include <algorithm>
#include <unordered_map>

#include "base/base64.h"
#include "base/task_group.h"
#include "base/value_json.h"
#include "engine/apply/journal_writer.h"
#include "engine/apply/scheduler.h"
#include "engine/apply/steps.h"
#include "engine/expr/evaluate.h"
#include "engine/plan/plan_file.h"
#include "engine/plan/plan_order.h"

namespace carbon {

std::string_view to_string(StepOutcome outcome) {
  switch (outcome) {
    case StepOutcome::done: return "done";
    case StepOutcome::failed: return "failed";
    case StepOutcome::skipped: return "skipped";
    case StepOutcome::not_ready: return "not ready";
  }
  return "";
}

std::size_t Run::count(StepOutcome outcome) const {
  return static_cast<std::size_t>(std::count_if(
      steps.begin(), steps.end(), [&](const StepResult& step) { return step.outcome == outcome; }));
}

namespace {

/// The key under which two changes may not act at once, or empty. Where it cannot be told, the whole provider
/// is.
std::string exclusive_key(const Change& change, const ApplyWorld& world) {
  const ResourceType* type = world.types.find(change.type);
  if (type == nullptr || type->exclusive_by == nullptr) return {};
  Frame frame;
  frame.slots.resize(static_cast<std::size_t>(OperationSlot::count));
  frame.slots[static_cast<std::size_t>(OperationSlot::self)] =
      change.desired.is_fields() ? change.desired : change.identity;
  EvalContext context{world.functions, {}};
  Result<Value> key = evaluate(*type->exclusive_by, frame, context);
  std::string text = key && key->is_string() ? std::string(key->text()) : "";
  return change.provider + "\n" + text;
}

using StepIndex = std::unordered_map<std::string_view, std::uint32_t>;

std::string object_of(const Change& change) {
  return fmt::format("{}\n{}\n{}", change.type, change.provider, encode_value(change.identity));
}

/// An object that goes on under another address is let go only when its new row is written: it is in the
/// inventory at every moment. Costs a key for each change, where something is released at all.
void release_last(const Plan& plan, std::vector<Scheduler::Step>& steps) {
  auto released = [](const Change& change) { return change.action == Action::release; };
  if (std::none_of(plan.changes.begin(), plan.changes.end(), released)) return;
  std::unordered_map<std::string, std::uint32_t> kept;
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    const Change& change = plan.changes[i];
    bool goes = change.action == Action::release || change.action == Action::delete_;
    if (!goes) kept.emplace(object_of(change), i);
  }
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    if (!released(plan.changes[i])) continue;
    auto now = kept.find(object_of(plan.changes[i]));
    if (now != kept.end()) steps[i].needs.push_back(now->second);
  }
}

/// The former object of a resource goes when the new one is there and all that needs the resource uses it.
void delete_former_last(const Plan& plan, const StepIndex& index, std::vector<Scheduler::Step>& steps) {
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    std::string_view resource = resource_of_former(plan.changes[i].address);
    if (resource.empty() || plan.changes[i].action != Action::delete_) continue;
    if (auto now = index.find(resource); now != index.end()) steps[i].needs.push_back(now->second);
    for (std::uint32_t user = 0; user < plan.changes.size(); ++user) {
      const Change& change = plan.changes[user];
      bool uses = std::ranges::find(change.needs, resource) != change.needs.end();
      if (uses && change.action != Action::delete_) steps[i].needs.push_back(user);
    }
  }
}

/// What was needed when it was last applied is deleted only when it no longer is.
void delete_unused(const Plan& plan, const Inventory& inventory, const StepIndex& index,
                   std::vector<Scheduler::Step>& steps) {
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    const Change& change = plan.changes[i];
    auto known = inventory.entries.find(change.moved_from.empty() ? change.address : change.moved_from);
    bool stays = change.action != Action::delete_ && change.action != Action::release;
    if (!stays || known == inventory.entries.end()) continue;
    for (const Address& need : known->second.needs) {
      auto found = index.find(need);
      if (found != index.end() && plan.changes[found->second].action == Action::delete_)
        steps[found->second].needs.push_back(i);
    }
  }
}

std::vector<Scheduler::Step> scheduler_steps(const Plan& plan, const ApplyWorld& world,
                                             const Inventory& inventory) {
  StepIndex index;
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) index.emplace(plan.changes[i].address, i);
  std::vector<Scheduler::Step> steps(plan.changes.size());
  std::vector<std::vector<std::uint32_t>> waits = waits_by_need(plan);
  for (std::uint32_t i = 0; i < plan.changes.size(); ++i) {
    steps[i].needs = std::move(waits[i]);
    if (plan.changes[i].action != Action::move) steps[i].exclusive = exclusive_key(plan.changes[i], world);
  }
  release_last(plan, steps);
  delete_former_last(plan, index, steps);
  delete_unused(plan, inventory, index, steps);
  return steps;
}

class Executor {
 public:
  Executor(const Plan& plan, ApplyWorld& world, Inventory inventory)
      : plan_(plan),
        world_(world),
        inventory_(std::move(inventory)),
        journal_(world.io, world.journal, hex_encode(world.io.random(8))),
        objects_(plan, world, inventory_),
        runner_(plan, world, journal_, objects_),
        scheduler_(scheduler_steps(plan, world, inventory_), world.options.parallel) {
    run_.id = journal_.run();
    for (const Change& change : plan.changes) {
      StepResult result;
      result.address = change.address;
      result.action = change.action;
      result.type = change.type;
      run_.steps.push_back(std::move(result));
    }
  }

  Task<Run> execute() {
    Status kept = world_.journal.keep_plan(run_.id, encode_plan(plan_));
    if (!kept) {
      run_.broken = kept.error();
      co_return std::move(run_);
    }
    bool begun = co_await mark(JournalKind::begin);
    if (begun) {
      rename();
      auto renamed = group_.all();
      co_await renamed;
      remember();
      pump();
      auto all = group_.all();
      co_await all;
    }
    if (run_.interrupted) (void)co_await mark(JournalKind::stop);
    // Without a journal there is no end to write, and with an open step there is no end yet: settling finds
    // the run open.
    if (!journal_.failure() && !journal_.left_open()) (void)co_await mark(JournalKind::end);
    auto drained = journal_.drained();
    co_await drained;
    run_.broken = journal_.failure();
    co_return std::move(run_);
  }

 private:
  Task<bool> mark(JournalKind kind) {
    JournalEvent event;
    event.kind = kind;
    if (kind == JournalKind::begin) event.detail = world_.options.about;
    auto writing = journal_.write(std::move(event));
    co_return co_await writing;
  }

  /// Before anything is sent each object has the address that the plan knows it by, so that whatever happens
  /// afterwards, its intents and its row agree. One transaction.
  void rename() {
    if (world_.stopped()) return;
    for (const Change& change : plan_.changes) {
      auto known =
          change.moved_from.empty() ? inventory_.entries.end() : inventory_.entries.find(change.moved_from);
      if (known == inventory_.entries.end()) continue;
      InventoryEntry entry = moved_to(std::move(known->second), change.address);
      inventory_.entries.erase(known);
      if (change.action == Action::move) entry = runner_.moved(change, std::move(entry));
      inventory_.entries[change.address] = entry;
      group_.spawn(write_down(std::move(entry), "move"));
    }
  }

  /// No server is asked, so nothing waits for it; all of it is one commit of the journal.
  void remember() {
    for (const Record& record : plan_.records) {
      auto known = inventory_.entries.find(record.address);
      if (known != inventory_.entries.end())
        group_.spawn(write_down(runner_.recorded(record, known->second), "record"));
    }
  }

  Task<void> write_down(InventoryEntry entry, std::string operation) {
    JournalEvent event;
    event.kind = JournalKind::result;
    event.address = entry.address;
    event.operation = operation;
    event.uid = entry.uid;
    event.detail = "done";
    std::vector<Address> remove;
    if (operation == "move") remove.push_back(entry.moved_from);
    std::vector<InventoryEntry> put{std::move(entry)};
    auto writing = journal_.write(std::move(event), std::move(put), std::move(remove));
    bool durable = co_await writing;
    if (durable && operation == "record") ++run_.recorded;
  }

  /// Starts what may start. Called at first and whenever a step lets others go.
  void pump() {
    if (world_.stopped() || journal_.failure() || gives_up_) {
      std::vector<std::uint32_t> never = scheduler_.stop();
      if (!never.empty()) run_.interrupted = run_.interrupted || world_.stopped();
      Error why = why_not_begun();
      for (std::uint32_t step : never) skip(step, why);
      return;
    }
    for (std::uint32_t step : scheduler_.start()) group_.spawn(carry_out(step));
  }

  /// One error for all of them: who prints them can say it once.
  [[nodiscard]] Error why_not_begun() const {
    if (journal_.failure())
      return Error(DiagnosticCode::journal_failed, "not begun: what is done could not be recorded");
    if (world_.stopped()) return Error(DiagnosticCode::interrupted, "not begun: the run was interrupted");
    return Error(DiagnosticCode::dependency_failed, "not begun: another step failed (`--on-error`)");
  }

  void tell(ApplyEvent::Kind kind, std::uint32_t step, std::string text = {}) {
    if (!world_.listener) return;
    ApplyEvent event;
    event.kind = kind;
    event.step = step;
    event.text = std::move(text);
    if (kind == ApplyEvent::Kind::finished) event.result = &run_.steps[step];
    world_.listener(event);
  }

  void skip(std::uint32_t step, const Error& why) {
    run_.steps[step].outcome = StepOutcome::skipped;
    run_.steps[step].reason = why.message();
    run_.steps[step].error = why;
    tell(ApplyEvent::Kind::finished, step);
  }

  void finish(std::uint32_t step, StepOutcome outcome, std::int64_t began) {
    StepResult& result = run_.steps[step];
    result.outcome = outcome;
    result.nanoseconds = world_.io.now() - began;
    tell(ApplyEvent::Kind::finished, step);
    if (outcome == StepOutcome::done) {
      scheduler_.done(step);
    } else {
      gives_up_ = gives_up_ || world_.options.on_error == OnError::stop;
      Error why(DiagnosticCode::dependency_failed,
                fmt::format("not begun: `{}` {}", result.address,
                            outcome == StepOutcome::failed ? "failed" : "is not ready"));
      for (std::uint32_t next : scheduler_.failed(step)) skip(next, why);
    }
    pump();
  }

  Task<void> carry_out(std::uint32_t step) {
    const Change* change = &plan_.changes[step];
    StepResult& result = run_.steps[step];
    std::int64_t began = world_.io.now();
    tell(ApplyEvent::Kind::started, step);
    Status acted;
    bool lost = !change->moved_from.empty() && !inventory_.entries.contains(change->address);
    if (lost) {
      acted = fail(DiagnosticCode::stale_plan,
                   fmt::format("`{}` is no longer in the inventory", change->moved_from));
    } else {
      auto acting = runner_.act(change);
      acted = co_await acting;
    }
    if (!acted) {
      result.error = acted.error();
      finish(step, StepOutcome::failed, began);
      co_return;
    }
    scheduler_.acted(step);
    tell(ApplyEvent::Kind::acted, step);
    bool waits = world_.options.wait == WaitFor::ready && change->action != Action::delete_ &&
                 change->action != Action::release &&
                 (change->action != Action::read || change->until_ready) && change->action != Action::move;
    if (!waits) {
      finish(step, StepOutcome::done, began);
      co_return;
    }
    pump();
    auto settling = runner_.settle(
        change, [this, step](const std::string& what) { tell(ApplyEvent::Kind::waiting, step, what); });
    Result<Readiness> readiness = co_await settling;
    finish(step, judge(result, readiness, world_.io.now() - began), began);
  }

  static StepOutcome judge(StepResult& result, const Result<Readiness>& readiness, std::int64_t waited) {
    if (readiness && readiness->kind == Readiness::Kind::ready) return StepOutcome::done;
    bool failed = readiness && readiness->kind == Readiness::Kind::failed;
    Error error = readiness ? Error(DiagnosticCode::not_ready, readiness->reason) : readiness.error();
    result.reason = error.message();
    if (readiness && !failed) {
      error.diagnostic().message =
          fmt::format("not ready after {}s: {}", waited / 1'000'000'000, readiness->reason);
      error.diagnostic().notes.emplace_back("it is applied; what needs it was not begun");
      error.diagnostic().helps.push_back(
          {"`carbon get` shows its status; wait longer with `--timeout`, then run carbon again", {}});
    }
    if (error.diagnostic().address.empty()) error.diagnostic().address = result.address;
    result.error = std::move(error);
    return failed ? StepOutcome::failed : StepOutcome::not_ready;
  }

  const Plan& plan_;
  ApplyWorld& world_;
  Inventory inventory_;
  JournalWriter journal_;
  RunObjects objects_;
  StepRunner runner_;
  Scheduler scheduler_;
  TaskGroup group_;
  Run run_;
  bool gives_up_ = false;  ///< a step failed, and nothing new is to be begun
};

}  // namespace

Task<Run> apply(const Plan& plan, ApplyWorld& world) {
  Result<Inventory> inventory = world.inventory.load();
  if (!inventory) {
    Run run;
    run.broken = inventory.error();
    co_return run;
  }
  Executor executor(plan, world, std::move(*inventory));
  auto executing = executor.execute();
  co_return co_await executing;
}

}  // namespace carbon
