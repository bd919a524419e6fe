// A small C interface over libtorch. One translation unit, no torch/torch.h.
//
// Ownership: a tensor handle is an owned reference to a TensorImpl (no heap cell for an at::Tensor).
// Errors:    no C++ exception crosses the interface; a non-zero code means st_error() has the message.
// Operators: every ATen operator is reached through the dispatcher by schema name (st_op + st_call),
//            so a new operator needs no C++ at all.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/grad_mode.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <ATen/ops/from_blob.h>
#include <c10/core/InferenceMode.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/version.h>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#define API extern "C" __attribute__((visibility("default")))

namespace {
using Impl = c10::TensorImpl;
using Ptr = c10::intrusive_ptr<Impl, c10::UndefinedTensorImpl>;

thread_local std::string g_error;

enum Tag : int32_t { None, Tensor, Int, Double, Bool, Ints, Tensors, Str, Dev, Doubles, Gen };

struct Val {             // 16 bytes, blittable; mirrored in C#
  int32_t tag, len;      // len: element count of a list, or of a string in bytes
  union { int64_t i; double d; void* p; };
};
static_assert(sizeof(Val) == 16, "ABI");

struct Op {
  c10::OperatorHandle handle;
  std::vector<c10::IValue> defaults;  // schema default per argument
  std::vector<uint8_t> has_default, opt_list, is_float;
  size_t nargs;
  bool crosses;                       // may take tensors of several devices: copies
};

at::Tensor borrow(void* h) { return h ? at::Tensor(Ptr::reclaim_copy(static_cast<Impl*>(h))) : at::Tensor(); }
void* own(at::Tensor t) { return t.defined() ? t.unsafeReleaseTensorImpl() : nullptr; }
std::vector<at::Tensor> borrow_all(void** h, int n) {
  std::vector<at::Tensor> v;
  v.reserve(n);
  for (int i = 0; i < n; i++) v.push_back(borrow(h[i]));
  return v;
}
c10::Device to_device(int64_t v) {
  return c10::Device(static_cast<c10::DeviceType>(v & 0xff), static_cast<c10::DeviceIndex>((v >> 8) - 1));
}
c10::optional<bool> tri(int v) { return v < 0 ? c10::optional<bool>() : c10::optional<bool>(v != 0); }

template <class F> int guard(F&& f) noexcept {
  try { f(); return 0; }
  catch (const c10::Error& e) { g_error = e.what_without_backtrace(); }
  catch (const std::bad_alloc&) { g_error = "out of memory"; }
  catch (const std::exception& e) { g_error = e.what(); }
  catch (...) { g_error = "unknown C++ exception"; }
  return 1;
}

c10::IValue to_ivalue(const Val& v, const Op& op, size_t k) {
  switch (v.tag) {
    case None: return {};
    case Tensor: return v.p ? c10::IValue(borrow(v.p)) : c10::IValue();
    case Int: return op.is_float[k] ? c10::IValue(double(v.i)) : c10::IValue(v.i);  // a float parameter given an integer
    case Double: return v.d;
    case Bool: return v.i != 0;
    case Ints: return c10::IValue(at::IntArrayRef(static_cast<int64_t*>(v.p), v.len));
    case Doubles: return c10::IValue(at::ArrayRef<double>(static_cast<double*>(v.p), v.len));
    case Tensors: {
      auto p = static_cast<void**>(v.p);
      if (op.opt_list[k]) {
        c10::List<c10::optional<at::Tensor>> l;
        l.reserve(v.len);
        for (int i = 0; i < v.len; i++) l.push_back(p[i] ? c10::optional<at::Tensor>(borrow(p[i])) : c10::nullopt);
        return l;
      }
      c10::List<at::Tensor> l;
      l.reserve(v.len);
      for (int i = 0; i < v.len; i++) l.push_back(borrow(p[i]));
      return l;
    }
    case Str: return std::string(static_cast<char*>(v.p), v.len);
    case Dev: return to_device(v.i);
    case Gen: return *static_cast<at::Generator*>(v.p);
  }
  TORCH_CHECK(false, "bad value tag ", v.tag);
}

// Some operators of libtorch compute shapes from a meta tensor and a real one together. That hides a tensor made on
// the wrong device, which a GPU would refuse, so it is refused here. (A number as a tensor of rank 0 may be anywhere.)
void check_meta(const Op& op, const Val* args, int nargs) {
  const Impl *meta = nullptr, *real = nullptr;
  auto look = [&](void* h) {
    if (auto t = static_cast<Impl*>(h); t && t->dim() > 0) (t->is_meta() ? meta : real) = t;
  };
  for (int k = 0; k < nargs; k++) {
    if (args[k].tag == Tensor) look(args[k].p);
    if (args[k].tag == Tensors)
      for (int i = 0; i < args[k].len; i++) look(static_cast<void**>(args[k].p)[i]);
  }
  TORCH_CHECK(!meta || !real || op.crosses, "Expected all tensors to be on the same device, but ", op.handle.schema().name(),
              " was given one on meta and one on ", real->device());
}

void from_ivalue(c10::IValue&& v, Val& out) {
  out.len = 0;
  if (v.isTensor()) { out.tag = Tensor; out.p = own(std::move(v).toTensor()); }
  else if (v.isInt()) { out.tag = Int; out.i = v.toInt(); }
  else if (v.isDouble()) { out.tag = Double; out.d = v.toDouble(); }
  else if (v.isBool()) { out.tag = Bool; out.i = v.toBool(); }
  else if (v.isTensorList()) {  // array of owned handles; the caller frees it with st_free_array
    auto l = std::move(v).toTensorList();
    auto a = new void*[l.size() ? l.size() : 1];
    for (size_t i = 0; i < l.size(); i++) a[i] = own(l.get(i));
    out.tag = Tensors; out.len = static_cast<int32_t>(l.size()); out.p = a;
  }
  else { TORCH_CHECK(v.isNone(), "unsupported return type ", v.tagKind()); out.tag = None; out.p = nullptr; }
}

void copy_text(const std::string& s, char* buf, int cap) { std::strncpy(buf, s.c_str(), cap - 1); buf[cap - 1] = 0; }
}  // namespace

API const char* st_error() { return g_error.c_str(); }
API const char* st_version() { return TORCH_VERSION; }
API void st_release(void* h) { if (h) Ptr::reclaim(static_cast<Impl*>(h)); }
API void st_free_array(void** a) { delete[] a; }

// ---- dispatcher -----------------------------------------------------------------------------
API int st_op(const char* name, const char* overload, Op** out) {
  return guard([&] {
    auto h = c10::Dispatcher::singleton().findSchemaOrThrow(name, overload);
    auto* op = new Op{h, {}, {}, {}, {}, 0, std::strncmp(name, "aten::copy", 10) == 0};
    const auto& s = h.schema();
    for (const auto& a : s.arguments()) {
      op->has_default.push_back(a.default_value().has_value() ? 1 : 0);
      op->defaults.push_back(a.default_value().value_or(c10::IValue()));
      op->is_float.push_back(a.type()->isSubtypeOf(*c10::OptionalType::create(c10::FloatType::get())));
      op->opt_list.push_back(a.type()->isSubtypeOf(*c10::ListType::ofTensors()) ? 0 : 1);
    }
    op->nargs = s.arguments().size();
    *out = op;
  });
}
API int st_op_exists(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchema({name, overload}).has_value();
}
API int st_op_schema(Op* op, char* buf, int cap) {
  return guard([&] { copy_text(c10::toString(op->handle.schema()), buf, cap); });
}
// Missing trailing arguments take the schema's defaults. No room for results (cap 0) means they are not wanted.
API int st_call(Op* op, const Val* args, int nargs, Val* rets, int cap) {
  return guard([&] {
    TORCH_CHECK(size_t(nargs) <= op->nargs, op->handle.schema().name(), ": ", nargs, " arguments given, ", op->nargs, " taken");
    check_meta(*op, args, nargs);
    thread_local torch::jit::Stack pool;  // keeps its capacity; nested calls take a fresh one
    torch::jit::Stack s;
    s.swap(pool);
    s.clear();
    for (size_t k = 0; k < size_t(nargs); k++) s.push_back(to_ivalue(args[k], *op, k));
    for (size_t k = nargs; k < op->nargs; k++) {
      TORCH_CHECK(op->has_default[k], "argument ", k, " of ", op->handle.schema().name(), " has no default");
      s.push_back(op->defaults[k]);
    }
    op->handle.callBoxed(&s);
    if (cap > 0) {
      TORCH_CHECK(int(s.size()) <= cap, "too many results");
      for (size_t k = 0; k < s.size(); k++) from_ivalue(std::move(s[k]), rets[k]);
    }
    s.clear();
    pool.swap(s);
  });
}

// ---- tensors --------------------------------------------------------------------------------
API int st_from_blob(void* data, const int64_t* shape, int rank, int dtype, void (*deleter)(void*), void* context, void** out) {
  return guard([&] {
    auto o = at::TensorOptions().dtype(static_cast<at::ScalarType>(dtype));
    *out = own(at::from_blob(data, at::IntArrayRef(shape, rank), [=](void*) { deleter(context); }, o));
  });
}
API int st_rank(void* h) { return static_cast<int>(static_cast<Impl*>(h)->dim()); }
API int st_dtype(void* h) { return static_cast<int>(c10::typeMetaToScalarType(static_cast<Impl*>(h)->dtype())); }
API int64_t st_numel(void* h) { return static_cast<Impl*>(h)->numel(); }
API int64_t st_itemsize(void* h) { return static_cast<int64_t>(static_cast<Impl*>(h)->itemsize()); }
API int64_t st_offset(void* h) { return static_cast<Impl*>(h)->storage_offset(); }
API void st_sizes(void* h, int64_t* o) { auto s = static_cast<Impl*>(h)->sizes(); std::memcpy(o, s.data(), s.size() * 8); }
API void st_strides(void* h, int64_t* o) { auto s = static_cast<Impl*>(h)->strides(); std::memcpy(o, s.data(), s.size() * 8); }
API int st_is_contiguous(void* h) { return static_cast<Impl*>(h)->is_contiguous(); }
API int64_t st_device(void* h) {
  auto d = static_cast<Impl*>(h)->device();
  return int64_t(d.type()) | ((int64_t(d.index()) + 1) << 8);
}
API int st_data(void* h, void** out) { return guard([&] { *out = borrow(h).data_ptr(); }); }

// ---- autograd -------------------------------------------------------------------------------
API int st_requires_grad(void* h) { return static_cast<Impl*>(h)->requires_grad(); }
API int st_is_leaf(void* h) { return borrow(h).is_leaf(); }
API int st_retain_grad(void* h) { return guard([&] { borrow(h).retain_grad(); }); }
API int st_set_requires_grad(void* h, int on) { return guard([&] { borrow(h).requires_grad_(on != 0); }); }
API int st_grad(void* h, void** out) { return guard([&] { *out = own(borrow(h).grad()); }); }
API int st_set_grad(void* h, void* g) { return guard([&] { borrow(h).mutable_grad() = borrow(g); }); }
API int st_backward(void** ys, int ny, void** gs, int ng, int retain, int create, void** xs, int nx) {
  return guard([&] { torch::autograd::backward(borrow_all(ys, ny), borrow_all(gs, ng), tri(retain), create != 0, borrow_all(xs, nx)); });
}
API int st_autograd_grad(void** ys, int ny, void** xs, int nx, void** gs, int ng, int retain, int create, int allow_unused, void** out) {
  return guard([&] {
    auto g = torch::autograd::grad(borrow_all(ys, ny), borrow_all(xs, nx), borrow_all(gs, ng), tri(retain), create != 0, allow_unused != 0);
    for (int i = 0; i < nx; i++) out[i] = own(g[i]);
  });
}
API int st_grad_enabled() { return at::GradMode::is_enabled(); }
API void st_set_grad_enabled(int on) { at::GradMode::set_enabled(on != 0); }
API int st_inference_enabled() { return c10::InferenceMode::is_enabled(); }
API void* st_inference_enter(int on) { return new c10::InferenceMode(on != 0); }
API void st_inference_leave(void* guard) { delete static_cast<c10::InferenceMode*>(guard); }

// ---- random numbers -------------------------------------------------------------------------
API int st_manual_seed(int64_t seed) { return guard([&] { at::manual_seed(static_cast<uint64_t>(seed)); }); }
API int st_generator_default(int64_t device, at::Generator** out) {
  return guard([&] { *out = new at::Generator(at::globalContext().defaultGenerator(to_device(device))); });
}
API int st_generator_new(uint64_t seed, at::Generator** out) {
  return guard([&] { *out = new at::Generator(at::make_generator<at::CPUGeneratorImpl>(seed)); });
}
API void st_generator_free(at::Generator* g) { delete g; }
API int64_t st_generator_device(at::Generator* g) {
  return int64_t(g->device().type()) | ((int64_t(g->device().index()) + 1) << 8);
}
API int64_t st_generator_initial_seed(at::Generator* g) { return static_cast<int64_t>(g->current_seed()); }
API int st_generator_manual_seed(at::Generator* g, int64_t seed) {
  return guard([&] { std::lock_guard<std::mutex> l(g->mutex()); g->set_current_seed(static_cast<uint64_t>(seed)); });
}
API int st_generator_seed(at::Generator* g, int64_t* out) {
  return guard([&] { std::lock_guard<std::mutex> l(g->mutex()); *out = static_cast<int64_t>(g->seed()); });
}
API int st_generator_get_state(at::Generator* g, void** out) {
  return guard([&] { std::lock_guard<std::mutex> l(g->mutex()); *out = own(g->get_state()); });
}
API int st_generator_set_state(at::Generator* g, void* state) {
  return guard([&] { std::lock_guard<std::mutex> l(g->mutex()); g->set_state(borrow(state)); });
}

// ---- runtime --------------------------------------------------------------------------------
API int st_get_threads() { return at::get_num_threads(); }
API void st_set_threads(int n) { at::set_num_threads(n); }
API int st_get_interop_threads() { return at::get_num_interop_threads(); }
API int st_set_interop_threads(int n) { return guard([&] { at::set_num_interop_threads(n); }); }
API int st_has_cuda() { return at::hasCUDA(); }
API int st_cuda_device_count() { return at::hasCUDA() ? at::detail::getCUDAHooks().getNumGPUs() : 0; }
API int st_cuda_synchronize(int64_t index) { return guard([&] { at::detail::getCUDAHooks().deviceSynchronize(index); }); }
API int st_get_tf32_matmul() { return at::globalContext().allowTF32CuBLAS(); }
API void st_set_tf32_matmul(int on) { at::globalContext().setAllowTF32CuBLAS(on != 0); }
API int st_get_tf32_cudnn() { return at::globalContext().allowTF32CuDNN(); }
API void st_set_tf32_cudnn(int on) { at::globalContext().setAllowTF32CuDNN(on != 0); }
