using System.Globalization;

namespace SlimSpec.Testing.Tests;

internal static class Cultures
{
    /// <summary>A culture that writes every number otherwise; made here, because not every machine has others installed.</summary>
    public static CultureInfo Strange
    {
        get
        {
            var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
            culture.NumberFormat.NumberGroupSeparator = "'";
            culture.NumberFormat.NegativeSign = "\u2212";
            culture.NumberFormat.PercentSymbol = "percent";
            return culture;
        }
    }
}
