// The functions of libpq that sql_session.cpp calls, each handed on to the library once that is loaded (see
// shared_library.h). Linked instead of libpq itself. A function that is missing here is a link error.
#include <libpq-fe.h>

#include "platform/io/shared_library.h"

namespace {

carbon::SharedLibrary& libpq() {
  static carbon::SharedLibrary library("libpq.so.5", "libpq5");
  return library;
}

}  // namespace

#define CARBON_HAND_ON_TO_LIBPQ(name, ...)                                \
  static auto* const handed_on = libpq().function<decltype(name)>(#name); \
  return handed_on(__VA_ARGS__)

extern "C" {

// The connection
PGconn* PQconnectStartParams(const char* const* keywords, const char* const* values, int expand) {
  CARBON_HAND_ON_TO_LIBPQ(PQconnectStartParams, keywords, values, expand);
}
PostgresPollingStatusType PQconnectPoll(PGconn* connection) {
  CARBON_HAND_ON_TO_LIBPQ(PQconnectPoll, connection);
}
void PQfinish(PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQfinish, connection); }
ConnStatusType PQstatus(const PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQstatus, connection); }
PGTransactionStatusType PQtransactionStatus(const PGconn* connection) {
  CARBON_HAND_ON_TO_LIBPQ(PQtransactionStatus, connection);
}
char* PQerrorMessage(const PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQerrorMessage, connection); }
int PQsocket(const PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQsocket, connection); }
int PQsetnonblocking(PGconn* connection, int mode) {
  CARBON_HAND_ON_TO_LIBPQ(PQsetnonblocking, connection, mode);
}
PGVerbosity PQsetErrorVerbosity(PGconn* connection, PGVerbosity verbosity) {
  CARBON_HAND_ON_TO_LIBPQ(PQsetErrorVerbosity, connection, verbosity);
}
PQnoticeReceiver PQsetNoticeReceiver(PGconn* connection, PQnoticeReceiver receiver, void* user) {
  CARBON_HAND_ON_TO_LIBPQ(PQsetNoticeReceiver, connection, receiver, user);
}

// A statement
int PQsendQuery(PGconn* connection, const char* query) {
  CARBON_HAND_ON_TO_LIBPQ(PQsendQuery, connection, query);
}
int PQsendQueryParams(PGconn* connection, const char* command, int count, const Oid* types,
                      const char* const* values, const int* lengths, const int* formats, int result_format) {
  CARBON_HAND_ON_TO_LIBPQ(PQsendQueryParams, connection, command, count, types, values, lengths, formats,
                          result_format);
}
int PQflush(PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQflush, connection); }
int PQconsumeInput(PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQconsumeInput, connection); }
int PQisBusy(PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQisBusy, connection); }
PGresult* PQgetResult(PGconn* connection) { CARBON_HAND_ON_TO_LIBPQ(PQgetResult, connection); }

// Its result
ExecStatusType PQresultStatus(const PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQresultStatus, result); }
char* PQresultErrorMessage(const PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQresultErrorMessage, result); }
char* PQresultErrorField(const PGresult* result, int field) {
  CARBON_HAND_ON_TO_LIBPQ(PQresultErrorField, result, field);
}
int PQntuples(const PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQntuples, result); }
int PQnfields(const PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQnfields, result); }
char* PQfname(const PGresult* result, int column) { CARBON_HAND_ON_TO_LIBPQ(PQfname, result, column); }
Oid PQftype(const PGresult* result, int column) { CARBON_HAND_ON_TO_LIBPQ(PQftype, result, column); }
char* PQcmdTuples(PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQcmdTuples, result); }
char* PQgetvalue(const PGresult* result, int row, int column) {
  CARBON_HAND_ON_TO_LIBPQ(PQgetvalue, result, row, column);
}
int PQgetlength(const PGresult* result, int row, int column) {
  CARBON_HAND_ON_TO_LIBPQ(PQgetlength, result, row, column);
}
int PQgetisnull(const PGresult* result, int row, int column) {
  CARBON_HAND_ON_TO_LIBPQ(PQgetisnull, result, row, column);
}
void PQclear(PGresult* result) { CARBON_HAND_ON_TO_LIBPQ(PQclear, result); }

}  // extern "C"
