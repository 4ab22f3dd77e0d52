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

#define CARBON_HAND_ON(name, ...)                                         \
  static auto* const handed_on = libpq().function<decltype(name)>(#name); \
  return handed_on(__VA_ARGS__)

extern "C" {

// The connection
PGconn* PQconnectStartParams(const char* const* keywords, const char* const* values, int expand) {
  CARBON_HAND_ON(PQconnectStartParams, keywords, values, expand);
}
PostgresPollingStatusType PQconnectPoll(PGconn* connection) { CARBON_HAND_ON(PQconnectPoll, connection); }
void PQfinish(PGconn* connection) { CARBON_HAND_ON(PQfinish, connection); }
ConnStatusType PQstatus(const PGconn* connection) { CARBON_HAND_ON(PQstatus, connection); }
PGTransactionStatusType PQtransactionStatus(const PGconn* connection) {
  CARBON_HAND_ON(PQtransactionStatus, connection);
}
char* PQerrorMessage(const PGconn* connection) { CARBON_HAND_ON(PQerrorMessage, connection); }
int PQsocket(const PGconn* connection) { CARBON_HAND_ON(PQsocket, connection); }
int PQsetnonblocking(PGconn* connection, int mode) { CARBON_HAND_ON(PQsetnonblocking, connection, mode); }
PGVerbosity PQsetErrorVerbosity(PGconn* connection, PGVerbosity verbosity) {
  CARBON_HAND_ON(PQsetErrorVerbosity, connection, verbosity);
}
PQnoticeReceiver PQsetNoticeReceiver(PGconn* connection, PQnoticeReceiver receiver, void* user) {
  CARBON_HAND_ON(PQsetNoticeReceiver, connection, receiver, user);
}

// A statement
int PQsendQuery(PGconn* connection, const char* query) { CARBON_HAND_ON(PQsendQuery, connection, query); }
int PQsendQueryParams(PGconn* connection, const char* command, int count, const Oid* types,
                      const char* const* values, const int* lengths, const int* formats, int result_format) {
  CARBON_HAND_ON(PQsendQueryParams, connection, command, count, types, values, lengths, formats,
                 result_format);
}
int PQflush(PGconn* connection) { CARBON_HAND_ON(PQflush, connection); }
int PQconsumeInput(PGconn* connection) { CARBON_HAND_ON(PQconsumeInput, connection); }
int PQisBusy(PGconn* connection) { CARBON_HAND_ON(PQisBusy, connection); }
PGresult* PQgetResult(PGconn* connection) { CARBON_HAND_ON(PQgetResult, connection); }

// Its result
ExecStatusType PQresultStatus(const PGresult* result) { CARBON_HAND_ON(PQresultStatus, result); }
char* PQresultErrorMessage(const PGresult* result) { CARBON_HAND_ON(PQresultErrorMessage, result); }
char* PQresultErrorField(const PGresult* result, int field) {
  CARBON_HAND_ON(PQresultErrorField, result, field);
}
int PQntuples(const PGresult* result) { CARBON_HAND_ON(PQntuples, result); }
int PQnfields(const PGresult* result) { CARBON_HAND_ON(PQnfields, result); }
char* PQfname(const PGresult* result, int column) { CARBON_HAND_ON(PQfname, result, column); }
Oid PQftype(const PGresult* result, int column) { CARBON_HAND_ON(PQftype, result, column); }
char* PQcmdTuples(PGresult* result) { CARBON_HAND_ON(PQcmdTuples, result); }
char* PQgetvalue(const PGresult* result, int row, int column) {
  CARBON_HAND_ON(PQgetvalue, result, row, column);
}
int PQgetlength(const PGresult* result, int row, int column) {
  CARBON_HAND_ON(PQgetlength, result, row, column);
}
int PQgetisnull(const PGresult* result, int row, int column) {
  CARBON_HAND_ON(PQgetisnull, result, row, column);
}
void PQclear(PGresult* result) { CARBON_HAND_ON(PQclear, result); }

}  // extern "C"
