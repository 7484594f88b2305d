// xgrad: looks at checkpoints and converts them.
//
//   xgrad inspect run.json
//   xgrad verify run.json && xgrad convert run.json run.safetensors
//   xgrad diff before.json after.json
//
// Exit codes: 0; 1 for a file that is damaged or cannot be read (diff: the files differ); 2 for a
// wrong command line (diff: also for trouble, as diff(1)).
#include <CLI/CLI.hpp>
#include <iostream>

#include "verbs.h"

int main(int argc, char** argv) {
  CLI::App app("Looks at checkpoints (.json, .safetensors, .npz) and converts them.", "xgrad");
  app.require_subcommand(1);
  app.set_version_flag("--version", "xgrad " XGRAD_VERSION);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return std::string("xgrad: ") + error.what() + "\nRun xgrad --help for more information.\n";
  });
  std::string file, other;
  bool json = false, quiet = false, tensors_only = false, base64 = false;
  int trouble = 1;
  std::function<int()> run;

  CLI::App* inspect = app.add_subcommand("inspect", "Show what is in a checkpoint");
  inspect->add_option("FILE", file, "The checkpoint")->required();
  inspect->add_flag("--json", json, "Print one JSON object instead of tables");
  inspect->callback([&] { run = [&] { return cli::inspect(file, json); }; });

  CLI::App* verify = app.add_subcommand("verify", "Check that a checkpoint is whole");
  verify->footer(
      "Exit code: 0 if every byte is as it was written, 1 if not. Safetensors of other programs "
      "have\n"
      "no checksums: for these 0 only says that they are well-formed.");
  verify->add_option("FILE", file, "The checkpoint")->required();
  verify->add_flag("-q,--quiet", quiet, "Print nothing if it is");
  verify->callback([&] { run = [&] { return cli::verify(file, quiet); }; });

  CLI::App* diff = app.add_subcommand("diff", "Compare two checkpoints, of any formats");
  diff->footer("Exit code: 0 if they are the same, 1 if not, 2 for trouble.");
  diff->add_option("A", file, "A checkpoint")->required();
  diff->add_option("B", other, "Another one")->required();
  diff->add_flag("--tensors", tensors_only,
                 "Compare names, shapes, dtypes and values, not metadata, kinds and ties");
  diff->callback([&] {
    trouble = 2;
    run = [&] { return cli::diff(file, other, tensors_only); };
  });

  CLI::App* convert = app.add_subcommand(
      "convert", "Write a checkpoint as another, in the format of its extension");
  convert->add_option("A", file, "The checkpoint to read")->required();
  convert->add_option("B", other, "The file to write: .json, .safetensors or .npz")
      ->required()
      ->check([](const std::string& name) {
        return cli::is_checkpoint_name(name) ? "" : "expected .json, .safetensors or .npz: " + name;
      });
  convert->add_flag("--base64", base64, "In JSON, write data as base64 instead of decimals");
  convert->callback([&] {
    if (base64 && !other.ends_with(".json")) {
      throw CLI::ValidationError("--base64", "it is for .json only: " + other);
    }
    run = [&] { return cli::convert(file, other, base64); };
  });

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  try {
    const int code = run();
    std::cout.flush();
    if (std::cout) return code;
    std::cerr << "xgrad: cannot write to the standard output\n";
  } catch (const std::exception& error) {
    std::cerr << "xgrad: " << error.what() << '\n';
  }
  return trouble;
}
