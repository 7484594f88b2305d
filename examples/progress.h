// Progress: a bar that redraws itself on a terminal, and a line for each tenth on anything else.
//
//   Progress bar("epoch 1/12", steps);
//   for (...) bar.show(step, loss);
//   bar.finish();
#pragma once

#include <unistd.h>

#include <cstdio>
#include <string>
#include <utility>

class Progress {
 public:
  Progress(std::string title, std::size_t steps) : title_(std::move(title)), steps_(steps) {}

  void show(std::size_t step, double loss) {
    const std::size_t percent = step * 100 / steps_;
    if (percent == percent_) return;
    if (terminal_) {
      const std::size_t filled = percent * 30 / 100;
      std::printf("\r%s [%s%s] %3zu%%  loss %.4f", title_.c_str(), std::string(filled, '#').c_str(),
                  std::string(30 - filled, '.').c_str(), percent, loss);
    } else if (percent / 10 > percent_ / 10) {
      std::printf("%s %3zu%%  loss %.4f\n", title_.c_str(), percent, loss);
    }
    percent_ = percent;
    std::fflush(stdout);
  }
  // Takes the bar away; what is printed next begins on its line.
  void finish() const {
    if (terminal_) std::printf("\r%*s\r", 80, "");
  }

 private:
  std::string title_;
  std::size_t steps_;
  std::size_t percent_ = 0;
  bool terminal_ = isatty(STDOUT_FILENO) != 0;
};
