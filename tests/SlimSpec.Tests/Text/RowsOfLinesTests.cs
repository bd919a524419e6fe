namespace SlimSpec.Tests.Text;

public class RowsOfLinesTests
{
    [Theory]
    [InlineData(DatasetFormat.Text, " \n = A = \n b\n", " \n = A = \n b\n")]
    [InlineData(DatasetFormat.Wikitext, " \n = A = \n b\n", "\n\n = A = \n\n\n b\n")]
    [InlineData(DatasetFormat.Wikitext, "a\n\n\nb", "a\n\n\n\n\n\n\nb")]
    [InlineData(DatasetFormat.Ptb, " no it was n't \n but\n", "no it was n't\n\nbut")]
    public void Rows_of_a_data_set_that_comes_line_by_line_are_joined_by_two_newlines(DatasetFormat format, string text, string joined) =>
        RowsOfLines.Join(format, text).ShouldBe(joined);
}
