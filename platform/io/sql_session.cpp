#include "platform/io/sql_session.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace carbon {

namespace {

constexpr std::int64_t longest_lock_wait_ms = 10'000;
constexpr std::int64_t longest_pause_ms = 10'000;  ///< between two statements of a transaction

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ResultDeleter>;

std::string joined(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += (out.empty() ? "" : ",") + part;
  return out;
}

std::string text_of(const char* text) {
  std::string out = text == nullptr ? "" : text;
  while (!out.empty() && out.back() == '\n') out.pop_back();
  return out;
}

bool is_sqlstate(std::string_view text) {
  return text.size() == 5 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

/// libpq gives the code of a refused connection only inside its verbose message:
/// `FATAL:  28P01: password authentication failed …\nLOCATION:  …`.
void read_connection_error(std::string_view message, SqlReply& reply) {
  static constexpr std::string_view mark = "FATAL:  ";
  auto at = message.find(mark);
  if (at != std::string_view::npos && is_sqlstate(message.substr(at + mark.size(), 5))) {
    reply.sqlstate = message.substr(at + mark.size(), 5);
    std::string_view rest = message.substr(at + mark.size() + 5);
    rest.remove_prefix(std::min(rest.size(), std::size_t{2}));
    reply.message = rest.substr(0, rest.find('\n'));
    return;
  }
  reply.message = message;
}

SqlRows rows_of(const PGresult* result) {
  SqlRows out;
  int columns = PQnfields(result);
  for (int column = 0; column < columns; ++column) {
    out.columns.emplace_back(PQfname(result, column));
    out.types.push_back(PQftype(result, column));
  }
  for (int row = 0; row < PQntuples(result); ++row) {
    auto& fields = out.rows.emplace_back();
    for (int column = 0; column < columns; ++column) {
      if (PQgetisnull(result, row, column) != 0) {
        fields.emplace_back();
      } else {
        auto length = static_cast<std::size_t>(PQgetlength(result, row, column));
        fields.emplace_back(std::string(PQgetvalue(result, row, column), length));
      }
    }
  }
  // libpq's own signature lacks const here.
  out.affected = std::atoll(PQcmdTuples(const_cast<PGresult*>(result)));
  return out;
}

void ignore_notice(void*, const PGresult*) {}

}  // namespace

SqlSession::SqlSession(const SqlEndpoint& endpoint, const std::string& database,
                       const std::vector<std::string>& addresses) {
  std::string hosts = endpoint.host;
  for (std::size_t i = 1; i < addresses.size(); ++i) hosts += "," + endpoint.host;
  std::string numeric = joined(addresses);
  std::string port = std::to_string(endpoint.port);
  // An empty password would make libpq take PGPASSWORD, which is not meant for this server.
  bool hide = endpoint.password.empty() && std::getenv("PGPASSWORD") != nullptr;
  std::string password = hide ? std::string("-") : endpoint.password;
  std::string authority = memory_file(endpoint.ca_pem);
  std::string certificate = memory_file(endpoint.client_certificate_pem);
  std::string key = memory_file(endpoint.client_key_pem);
  std::vector<std::pair<const char*, const char*>> settings = {
      {"host", hosts.c_str()},
      {"hostaddr", numeric.c_str()},
      {"port", port.c_str()},
      {"user", endpoint.user.c_str()},
      {"password", password.c_str()},
      {"passfile", "/dev/null/none"},  // a file would be reported as "not a plain file"
      {"dbname", database.c_str()},
      {"sslmode", endpoint.sslmode.c_str()},
      {"gssencmode", "disable"},
      {"application_name", endpoint.application_name.c_str()},
      {"client_encoding", "UTF8"},
      {"keepalives_idle", "30"},
  };
  if (!authority.empty()) settings.push_back({"sslrootcert", authority.c_str()});
  if (!certificate.empty()) settings.push_back({"sslcert", certificate.c_str()});
  if (!key.empty()) settings.push_back({"sslkey", key.c_str()});
  std::vector<const char*> keys;
  std::vector<const char*> values;
  for (const auto& [name, value] : settings) {
    keys.push_back(name);
    values.push_back(value);
  }
  keys.push_back(nullptr);
  values.push_back(nullptr);
  // A database named `host=…` must stay a name: expand_dbname is 0.
  connection_ = PQconnectStartParams(keys.data(), values.data(), 0);
  PQsetErrorVerbosity(connection_, PQERRORS_VERBOSE);
  PQsetNoticeReceiver(connection_, ignore_notice, nullptr);
}

SqlSession::~SqlSession() {
  PQfinish(connection_);
  for (int file : files_) ::close(file);
}

std::string SqlSession::memory_file(const std::string& text) {
  if (text.empty()) return {};
  int file = ::memfd_create("carbon-pem", MFD_CLOEXEC);
  if (file < 0) return {};
  files_.push_back(file);
  // A key that others may read is refused by libpq.
  bool written = ::fchmod(file, 0600) == 0;
  for (std::size_t at = 0; written && at < text.size();) {
    ssize_t count = ::write(file, text.data() + at, text.size() - at);
    written = count > 0;
    at += written ? static_cast<std::size_t>(count) : 0;
  }
  return fmt::format("/proc/self/fd/{}", file);
}

void SqlSession::begin(SqlRequest request) {
  request_ = std::move(request);
  reply_ = {};
  index_ = 0;
  failed_ = false;
  stale_ = false;
  reused_ = connected_;
  reply_.connected = connected_;
  if (connected_) {
    open();
  } else {
    phase_ = Phase::connecting;
  }
}

bool SqlSession::step() {
  if (phase_ == Phase::connecting) connect();
  while (phase_ != Phase::ended && phase_ != Phase::connecting) {
    want_read_ = true;
    if (PQstatus(connection_) == CONNECTION_BAD) {
      lost(text_of(PQerrorMessage(connection_)));
      break;
    }
    int flushed = PQflush(connection_);
    want_write_ = flushed == 1;
    if (flushed < 0 || PQconsumeInput(connection_) == 0) {
      lost(text_of(PQerrorMessage(connection_)));
      break;
    }
    if (PQisBusy(connection_) != 0) break;
    ResultPtr result(PQgetResult(connection_));
    if (result == nullptr) {
      command_ended();
    } else {
      take_result(result.get());
    }
  }
  return phase_ == Phase::ended;
}

void SqlSession::connect() {
  auto status = PQstatus(connection_) == CONNECTION_BAD ? PGRES_POLLING_FAILED : PQconnectPoll(connection_);
  want_read_ = status == PGRES_POLLING_READING;
  want_write_ = status == PGRES_POLLING_WRITING;
  if (status == PGRES_POLLING_FAILED) {
    read_connection_error(text_of(PQerrorMessage(connection_)), reply_);
    broken_ = true;
    end(false);
  } else if (status == PGRES_POLLING_OK) {
    connected_ = true;
    reply_.connected = true;
    PQsetnonblocking(connection_, 1);
    open();
  }
}

void SqlSession::open() {
  auto limit = std::max<std::int64_t>(1, request_.timeout.nanoseconds / 1'000'000);
  std::string limits = "statement_timeout = " + std::to_string(limit) + "; SET " +
                       (in_transaction_mode() ? "LOCAL " : "") + "lock_timeout = " +
                       std::to_string(std::max<std::int64_t>(1, std::min(longest_lock_wait_ms, limit / 2)));
  std::string text;
  switch (request_.mode) {
    case SqlRequest::Mode::read_only: text = "BEGIN READ ONLY; SET LOCAL "; break;
    case SqlRequest::Mode::transaction: text = "BEGIN; SET LOCAL "; break;
    case SqlRequest::Mode::plain: text = "SET "; break;
  }
  // A process that is stopped in the middle neither keeps others out for long, nor goes on when it wakes up.
  if (in_transaction_mode())
    limits += "; SET LOCAL idle_in_transaction_session_timeout = " + std::to_string(longest_pause_ms);
  send(Phase::opening, (text + limits).c_str());
}

void SqlSession::send(Phase phase, const char* text) {
  phase_ = phase;
  if (PQsendQuery(connection_, text) == 0) lost(text_of(PQerrorMessage(connection_)));
}

void SqlSession::send_statement() {
  phase_ = Phase::statement;
  const SqlStatement& statement = request_.statements[index_];
  std::vector<const char*> values;
  for (const auto& parameter : statement.parameters)
    values.push_back(parameter ? parameter->c_str() : nullptr);
  // The extended protocol takes one statement a call, so no parameter and no text can smuggle in a second.
  int sent = PQsendQueryParams(connection_, statement.text.c_str(), static_cast<int>(values.size()), nullptr,
                               values.data(), nullptr, nullptr, 0);
  if (sent == 0) lost(text_of(PQerrorMessage(connection_)));
}

void SqlSession::take_result(const PGresult* result) {
  switch (PQresultStatus(result)) {
    case PGRES_TUPLES_OK:
    case PGRES_COMMAND_OK:
      if (phase_ == Phase::statement && !failed_) reply_.results.push_back(rows_of(result));
      return;
    case PGRES_BAD_RESPONSE:
    case PGRES_NONFATAL_ERROR:
    case PGRES_FATAL_ERROR:
      if (failed_) return;  // the first error says why
      failed_ = true;
      reply_.failed_statement = index_;
      reply_.sqlstate = text_of(PQresultErrorField(result, PG_DIAG_SQLSTATE));
      reply_.message = text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
      if (reply_.message.empty()) reply_.message = text_of(PQresultErrorMessage(result));
      reply_.detail = text_of(PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL));
      return;
    case PGRES_EMPTY_QUERY:
    case PGRES_COPY_OUT:
    case PGRES_COPY_IN:
    case PGRES_COPY_BOTH:
    case PGRES_SINGLE_TUPLE:
    case PGRES_PIPELINE_SYNC:
    case PGRES_PIPELINE_ABORTED:
      failed_ = true;
      broken_ = true;
      reply_.failed_statement = index_;
      reply_.message = "the statement is empty or a COPY, which cannot be run here";
      end(false);
      return;
  }
}

void SqlSession::command_ended() {
  if (PQstatus(connection_) == CONNECTION_BAD) {
    lost(text_of(PQerrorMessage(connection_)));
    return;
  }
  switch (phase_) {
    case Phase::opening:
      if (failed_) {
        broken_ = true;
        end(false);
      } else if (!request_.statements.empty()) {
        send_statement();
      } else {
        statement_ended();
      }
      return;
    case Phase::statement: statement_ended(); return;
    case Phase::closing: end(!failed_); return;
    case Phase::rolling_back: end(false); return;
    case Phase::connecting:
    case Phase::ended: return;
  }
}

void SqlSession::statement_ended() {
  if (failed_) {
    if (in_transaction_mode()) return send(Phase::rolling_back, "ROLLBACK");
    broken_ = true;  // what the statements before it set for the session would stay
    return end(false);
  }
  if (in_transaction_mode() && PQtransactionStatus(connection_) != PQTRANS_INTRANS) {
    broken_ = true;
    reply_.failed_statement = index_;
    reply_.message = "the statement ended the transaction that it ran in";
    reply_.committed_unknown = request_.mode == SqlRequest::Mode::transaction;
    return end(false);
  }
  if (!request_.statements.empty() && ++index_ < request_.statements.size()) return send_statement();
  if (in_transaction_mode()) return send(Phase::closing, "COMMIT");
  end(true);
}

void SqlSession::lost(std::string message) {
  broken_ = true;
  stale_ = reused_ && phase_ == Phase::opening;
  if (!failed_) reply_.message = std::move(message);
  // A server that goes down can do so between the commit and its reply, even when it still says FATAL.
  bool wrote = request_.mode != SqlRequest::Mode::read_only;
  reply_.committed_unknown =
      wrote && (phase_ == Phase::closing || (!in_transaction_mode() && phase_ == Phase::statement));
  end(false);
}

void SqlSession::expire() {
  if (phase_ == Phase::ended) return;
  lost("no reply in time");
  stale_ = false;
}

void SqlSession::end(bool ok) {
  reply_.ok = ok;
  phase_ = Phase::ended;
  want_write_ = false;
  want_read_ = true;
}

WaitedDescriptor SqlSession::wants() const { return {PQsocket(connection_), want_read_, want_write_, false}; }

bool SqlSession::usable() {
  if (broken_ || PQstatus(connection_) != CONNECTION_OK) return false;
  // Reads what has come in meanwhile: a server that hung up shows here.
  if (PQconsumeInput(connection_) == 0) return false;
  return PQstatus(connection_) == CONNECTION_OK && PQtransactionStatus(connection_) == PQTRANS_IDLE;
}

}  // namespace carbon
