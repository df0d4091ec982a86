using System.ComponentModel.DataAnnotations;

namespace Multimodal.Pipeline.Experts;

/// <summary>The expert workers.</summary>
internal sealed class ExpertOptions
{
    /// <summary>Messages that one expert holds at once: enough to fill a batch while another runs, few enough that other workers get some.</summary>
    /// <value>1 to 1,024; default 64.</value>
    [Range(1, 1024)]
    public int Concurrency { get; set; } = 64;
}
