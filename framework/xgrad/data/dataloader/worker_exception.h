// WorkerException: what a loader throws when a worker thread's dataset has thrown.
#pragma once

#include <exception>

#include "xgrad/core/error.h"

namespace xgrad::data {

struct WorkerException : Error {
  explicit WorkerException(std::exception_ptr original)
      : Error(message_of(original)), original_exception(std::move(original)) {}

  std::exception_ptr original_exception;

 private:
  static std::string message_of(const std::exception_ptr& original) {
    const std::string text = "Caught exception in DataLoader worker thread. Original message: ";
    try {
      std::rethrow_exception(original);
    } catch (const std::exception& error) {
      return text + error.what();
    } catch (...) {
      return text + "an exception that is no std::exception";
    }
  }
};

}  // namespace xgrad::data
