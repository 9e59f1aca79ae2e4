namespace CudaCompat.Resolution;

/// <summary>A request, machine or stack asks for something that does not exist; says which field and what is accepted.</summary>
public sealed class BadRequestException : Exception
{
    /// <summary>Names the field and the accepted values.</summary>
    public BadRequestException(string field, string message)
        : base(message) => Field = field;

    /// <summary>The field as documents spell it, such as "gpus".</summary>
    public string Field { get; }
}
