# What the comparisons with plain PyTorch need: packages of the distribution, the worker, the random checkpoint. Sourced in this folder.
missing=$(for package in python3-torch libblis4-openmp libtorch-dev libopenblas0-openmp g++ cmake; do
    dpkg -s "$package" >/dev/null 2>&1 || echo "$package"
done)
if [ -n "$missing" ]; then
    echo "installing" $missing >&2
    apt-get install -y --no-install-recommends $missing >&2
fi

dotnet build --configuration Release --verbosity quiet --nologo SlimSpec.Benchmarks >&2
mkdir -p .work
if [ ! -e .work/checkpoint/model.safetensors ]; then
    /usr/bin/python3 pytorch/make_checkpoint.py .work/checkpoint
fi
