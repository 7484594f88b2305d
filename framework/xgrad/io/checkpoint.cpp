#include "xgrad/io/checkpoint.h"

#include "xgrad/autograd/grad_mode.h"
#include "xgrad/core/format.h"

namespace xgrad {

namespace io {
namespace {

// The names of all parameters of the modules among the parts.
NameOf names_in(const std::vector<Part>& parts) {
  auto names = std::make_shared<std::unordered_map<const TensorImpl*, std::string>>();
  for (const Part& part : parts) {
    const std::string prefix = part.name() == "model" ? "" : part.name() + "/";
    for (const auto& item : part.parameters()) {
      names->insert({item.value().unsafeGetTensorImpl(), prefix + item.key()});
    }
  }
  return [names](const Tensor& tensor) {
    const auto found = names->find(tensor.unsafeGetTensorImpl());
    return found != names->end() ? found->second : std::string();
  };
}

// The live tensors that records borrow change with what they belong to.
void copy_data(Document& document) {
  for (Section& section : document.sections) {
    for (Record& record : section.records) {
      if (!record.alias_of.empty()) continue;
      const auto copy = allocate(record.bytes());
      std::copy_n(record.data, record.bytes(), static_cast<std::byte*>(copy.get()));
      record.data = static_cast<const std::byte*>(copy.get());
      record.owner = copy;
    }
  }
}

void take_back(const Part& part, const Document& state) {
  try {
    part.read({state, "load_checkpoint", {}, nullptr});
  } catch (const Error&) {
    // One that refuses its own state cannot be helped; the first error is the one to tell.
  }
}

}  // namespace

void Part::bind_generator(const Generator& generator) {
  is_checkable_ = true;
  write_ = [generator](Document& document, const std::string& name, const NameOf&) {
    StateDict state;
    state.values["state"] = generator.state();
    write_state(document, name, state);
  };
  const auto set = [](Generator target, const Source& source, const std::string& name) {
    const StateDict state = read_state(source.document, name, source.label);
    with_label(source.label, [&] { target.set_state(state.values.at("state").as_string()); });
  };
  check_ = [set](const Source& source, const std::string& name) { set(Generator(), source, name); };
  read_ = [set, generator](const Source& source, const std::string& name) {
    set(generator, source, name);
  };
}

void Part::bind_tensor(const Tensor& tensor) {
  is_checkable_ = true;
  write_ = [tensor](Document& document, const std::string& name, const NameOf&) {
    xgrad::check(tensor.defined(), "save_checkpoint: the tensor '{}' is undefined", name);
    document.section(name).records.push_back(to_record("tensor", Kind::State, tensor));
  };
  const auto fitting = [tensor](const Source& source, const std::string& name) {
    xgrad::check(tensor.defined(), "load_checkpoint: the tensor '{}' is undefined", name);
    const TensorDict section = section_of(source, name);
    const Tensor* found = section.find("tensor");
    xgrad::check(found != nullptr, "{}: section '{}' holds no lone tensor", source.label, name);
    xgrad::check(found->sizes() == tensor.sizes() && found->scalar_type() == tensor.scalar_type(),
                 "{}: the tensor '{}' is {} {}, expected {} {}", source.label, name,
                 shape_text(found->sizes()), dtype_name(found->scalar_type()),
                 shape_text(tensor.sizes()), dtype_name(tensor.scalar_type()));
    return *found;
  };
  check_ = [fitting](const Source& source, const std::string& name) { fitting(source, name); };
  read_ = [fitting, tensor](const Source& source, const std::string& name) {
    const NoGradGuard no_grad;
    tensor.detach().copy_(fitting(source, name));
  };
}

TensorDict Part::section_of(const Source& source, const std::string& name) {
  const Section* section = source.document.find(name);
  xgrad::check(section != nullptr, "{}: it has no section '{}'", source.label, name);
  return read_section(*section);
}

void Part::write_module(Section& section, const TensorDict& state,
                        const OrderedDict<std::string, std::string>& tied,
                        const TensorDict& parameters) {
  const auto kind_of = [&](const std::string& name) {
    return parameters.contains(name) ? Kind::Parameter : Kind::Buffer;
  };
  write_section(section, state, kind_of);
  for (const auto& item : tied) {
    Record record;
    record.name = item.key();
    record.kind = kind_of(item.value());
    record.alias_of = item.value();
    section.records.push_back(std::move(record));
  }
}

void Part::with_label(const std::string& label, const std::function<void()>& restore) {
  try {
    restore();
  } catch (const Error& error) {
    fail("{}: {}", label, error.what());
  }
}

Document make_document(const std::vector<Part>& parts, const Metadata& metadata) {
  Document document;
  document.metadata["user"] = metadata.values;
  const NameOf names = names_in(parts);
  for (const Part& part : parts) {
    check(document.find(part.name()) == nullptr, "save_checkpoint: two parts are named '{}'",
          part.name());
    document.section(part.name());
    part.write(document, names);
  }
  return document;
}

Value restore(const Document& document, const std::vector<Part>& parts, const std::string& label,
              const LoadOptions& options) {
  const Part::Source source{document, label, options, names_in(parts)};
  for (const Part& part : parts) part.check(source);
  // Those that can still refuse come first; what they were comes back if one does, also to that
  // one, should it have changed before it refused.
  std::vector<std::pair<const Part*, Document>> before;
  try {
    for (const Part& part : parts) {
      if (part.is_checkable()) continue;
      before.emplace_back(&part, make_document({part}, {}));
      copy_data(before.back().second);
      part.read(source);
    }
  } catch (...) {
    for (std::size_t i = before.size(); i-- > 0;) take_back(*before[i].first, before[i].second);
    throw;
  }
  for (const Part& part : parts) {
    if (part.is_checkable()) part.read(source);
  }
  const Value* user = document.metadata.find("user");
  return user != nullptr ? *user : Value::object();
}

}  // namespace io

void save_checkpoint(const std::string& path, const std::vector<io::Part>& parts,
                     const io::Metadata& metadata, const io::JsonOptions& json) {
  io::write_document(path, io::make_document(parts, metadata), json);
}

io::Value load_checkpoint(const std::string& path, const std::vector<io::Part>& parts,
                          const io::LoadOptions& options) {
  return io::restore(io::read_document(path), parts, "checkpoint " + path, options);
}

}  // namespace xgrad
