#include "engine/apply/scheduler.h"

#include <algorithm>

namespace carbon {

Scheduler::Scheduler(std::vector<Step> steps, std::uint32_t slots)
    : steps_(std::move(steps)),
      states_(steps_.size(), State::waiting),
      missing_(steps_.size(), 0),
      dependants_(steps_.size()),
      slots_(slots),
      open_(static_cast<std::uint32_t>(steps_.size())) {
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    missing_[step] = static_cast<std::uint32_t>(steps_[step].needs.size());
    for (std::uint32_t need : steps_[step].needs) dependants_[need].push_back(step);
    if (missing_[step] == 0) {
      states_[step] = State::ready;
      ready_.insert(step);
    }
  }
}

std::vector<std::uint32_t> Scheduler::start() {
  std::vector<std::uint32_t> started;
  for (auto at = ready_.begin(); at != ready_.end() && slots_ > 0;) {
    const std::string& key = steps_[*at].exclusive;
    if (!key.empty() && busy_.contains(key)) {
      ++at;
      continue;
    }
    if (!key.empty()) busy_.insert(key);
    states_[*at] = State::acting;
    --slots_;
    ++in_flight_;
    started.push_back(*at);
    at = ready_.erase(at);
  }
  return started;
}

void Scheduler::acted(std::uint32_t step) {
  if (states_[step] != State::acting) return;
  states_[step] = State::settling;
  ++slots_;
  busy_.erase(steps_[step].exclusive);
}

void Scheduler::finish(std::uint32_t step, State state) {
  acted(step);
  if (states_[step] == State::settling) --in_flight_;
  states_[step] = state;
  --open_;
}

void Scheduler::done(std::uint32_t step) {
  finish(step, State::done);
  for (std::uint32_t dependant : dependants_[step]) {
    if (--missing_[dependant] == 0 && states_[dependant] == State::waiting) {
      states_[dependant] = State::ready;
      ready_.insert(dependant);
    }
  }
}

std::vector<std::uint32_t> Scheduler::failed(std::uint32_t step) {
  finish(step, State::failed);
  std::vector<std::uint32_t> skipped;
  std::vector<std::uint32_t> todo = dependants_[step];
  while (!todo.empty()) {
    std::uint32_t next = todo.back();
    todo.pop_back();
    if (states_[next] != State::waiting) continue;
    finish(next, State::skipped);
    skipped.push_back(next);
    todo.insert(todo.end(), dependants_[next].begin(), dependants_[next].end());
  }
  std::sort(skipped.begin(), skipped.end());
  return skipped;
}

std::vector<std::uint32_t> Scheduler::stop() {
  std::vector<std::uint32_t> never;
  for (std::uint32_t step = 0; step < steps_.size(); ++step) {
    if (states_[step] != State::waiting && states_[step] != State::ready) continue;
    finish(step, State::skipped);
    never.push_back(step);
  }
  ready_.clear();
  return never;
}

}  // namespace carbon
