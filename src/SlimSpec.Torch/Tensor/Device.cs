using System.Globalization;

namespace TorchSharp;

/// <summary>Kinds of device; the numbers are libtorch's.</summary>
public enum DeviceType
{
    CPU = 0,
    CUDA = 1,
    MKLDNN = 2,
    OPENGL = 3,
    OPENCL = 4,
    IDEEP = 5,
    HIP = 6,
    FPGA = 7,
    MSNPU = 8,
    XLA = 9,
    MPS = 13,
    META = 14,
}

public static partial class torch
{
    /// <summary>Where a tensor lives: a kind of device and, for several of one kind, its number.</summary>
    public class Device
    {
        public Device(string description)
        {
            ArgumentNullException.ThrowIfNull(description);
            var parts = description.Split(':');
            type = Parse(parts[0]);
            index = -1;
            if (parts.Length > 2 || (parts.Length == 2 && !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _)))
            {
                throw new ArgumentException($"'{description}' is not a device: write 'cpu', 'cuda', 'cuda:0' or 'meta'", nameof(description));
            }
            if (type != DeviceType.CPU)
            {
                index = parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : type == DeviceType.CUDA ? 0 : -1;
            }
        }

        public Device(string deviceType, int index = -1)
            : this(Parse(deviceType), index)
        {
        }

        public Device(DeviceType deviceType, int index = -1)
        {
            type = deviceType;
            this.index = index;
        }

        public Device(int index)
            : this(DeviceType.CUDA, index)
        {
        }

        public DeviceType type { get; }

        public int index { get; }

        internal long Bits => (long)type | ((long)(index + 1) << 8);

        internal static Device FromBits(long bits) => (DeviceType)(bits & 0xff) switch
        {
            DeviceType.CPU => CPU,
            DeviceType.META => META,
            var kind => new Device(kind, (int)(bits >> 8) - 1),
        };

        public static implicit operator Device(string description) => new(description);

        public override string ToString()
        {
            var name = type.ToString().ToLowerInvariant();
            return index < 0 ? name : $"{name}:{index}";
        }

        private static DeviceType Parse(string name) => Enum.TryParse<DeviceType>(name, ignoreCase: true, out var found) && !char.IsDigit(name[0])
            ? found
            : throw new ArgumentException($"'{name}' is not a kind of device: write 'cpu', 'cuda' or 'meta'", nameof(name));
    }

    public static readonly Device CPU = new(DeviceType.CPU);
    public static readonly Device META = new(DeviceType.META);

    public static Device CUDA => new(DeviceType.CUDA, 0);

    public static Device device(string description) => new(description);
    public static Device device(string deviceType, int index = -1) => new(deviceType, index);
    public static Device device(DeviceType deviceType, int index = -1) => new(deviceType, index);
    public static Device device(int index) => new(index);

    private static Device defaultDevice = CPU;

    public static Device get_default_device() => defaultDevice;
    public static void set_default_device(Device device) => defaultDevice = device;
    public static void set_default_device(string device) => defaultDevice = new Device(device);

    /// <summary>The device to use where none was named; refuses a device that this machine lacks.</summary>
    public static Device InitializeDevice(Device? device)
    {
        device ??= get_default_device();
        if (device.type == DeviceType.CUDA && !cuda.is_available())
        {
            throw new InvalidOperationException($"device '{device}' was asked for, but this libtorch sees no CUDA device");
        }
        return device;
    }

    public static bool cuda_is_available() => cuda.is_available();

    public static partial class cuda
    {
        public static bool is_available() => NativeMethods.st_has_cuda() != 0 && device_count() > 0;
        public static int device_count() => NativeMethods.st_cuda_device_count();
        public static bool is_cudnn_available() => is_available();
        public static void manual_seed(long seed) => torch.manual_seed(seed);
        public static void manual_seed_all(long seed) => torch.manual_seed(seed);

        /// <summary>Waits until the device has finished all that was queued.</summary>
        public static void synchronize(Device? device = null)
        {
            if (!is_available())
            {
                throw new InvalidOperationException("there is no CUDA device to synchronize with");
            }
            NativeMethods.Check(NativeMethods.st_cuda_synchronize(device?.index ?? -1));
        }
    }
}
